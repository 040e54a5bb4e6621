"""The spectrum of audio, and its shape: middle, width, edge, flatness, crossings, level."""

import numpy as np

FLOOR = 1e-10
EDGE = 0.85


def extract_spectrum(
    samples: np.ndarray, rate_hz: int, *, window_s: float = 0.032, hop_s: float = 0.010
) -> np.ndarray:
    """Describes the shape of the spectrum around each moment.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second.
        window_s: float. Length of the window around a moment.
        hop_s: float. From a moment to the next; moment t is at `t * hop_s`.

    Returns:
        float32 array `(T, 6)`, T being `S // hop + 1`: centroid in Hz, bandwidth in Hz, roll-off in
        Hz, below which 85 % of the magnitudes lie, flatness of the power from 0 (a tone) to 1
        (noise), share of samples at which the sign changes, and root mean square. Silence yields
        zeros, no samples yield no rows.

    Raises:
        ValueError: if `samples` is not finite mono audio, or if a length is under one sample.

    Example:

    >>> sound = np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000)
    >>> extract_spectrum(sound, 8000)[50, [0, 4, 5]].round(2)
    array([1.0e+03, 2.5e-01, 7.1e-01], dtype=float32)
    """
    frames = frame_moments(samples, rate_hz, window_s=window_s, hop_s=hop_s)  # (T, window)
    power = power_spectrum(frames)  # (T, lines)
    magnitude = np.sqrt(power)
    hz = np.fft.rfftfreq(frames.shape[1], 1 / rate_hz)  # (lines,)
    share = magnitude / np.maximum(magnitude.sum(axis=1, keepdims=True), FLOOR)
    centroid = share @ hz
    bandwidth = np.sqrt((share * (hz - centroid[:, None]) ** 2).sum(axis=1))
    edge = hz[np.argmax(np.cumsum(share, axis=1) >= EDGE, axis=1)]
    floored = np.maximum(power, FLOOR)
    flatness = np.exp(np.log(floored).mean(axis=1)) / floored.mean(axis=1)
    crossings = np.diff(np.signbit(frames), axis=1).sum(axis=1) / frames.shape[1]
    level = np.sqrt(np.mean(frames**2, axis=1))
    described = np.stack([centroid, bandwidth, edge, flatness, crossings, level], axis=1)
    return np.where(level[:, None] > 0, described, 0).astype(np.float32)


def frame_moments(
    samples: np.ndarray, rate_hz: int, *, window_s: float, hop_s: float
) -> np.ndarray:
    """Cuts out the audio around each moment, with zeros beyond both ends.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second.
        window_s: float. Length of the window around a moment.
        hop_s: float. From a moment to the next.

    Returns:
        Read-only float array `(T, window)`, T being `S // hop + 1`, or 0 of no samples.

    Raises:
        ValueError: if `samples` is not finite mono audio, or if a length is under one sample.
    """
    shape, kind = np.shape(samples), getattr(samples, "dtype", type(samples).__name__)
    mono = len(shape) == 1 and kind in (np.float32, np.float64)
    if not mono or not np.isfinite(samples).all():
        raise ValueError(f"`samples` must be finite float (S,), mono. Received: {kind} {shape}")
    window, hop = round(window_s * rate_hz), round(hop_s * rate_hz)
    if window < 2 or hop < 1:
        raise ValueError(
            "`window_s` must be at least two samples and `hop_s` at least one. "
            f"Received: window_s={window_s}, hop_s={hop_s}, rate_hz={rate_hz}"
        )
    if not len(samples):
        return np.zeros((0, window), np.float32)
    padded = np.pad(samples, (window // 2, window - window // 2))
    return np.lib.stride_tricks.sliding_window_view(padded, window)[: len(samples) + 1 : hop]


def power_spectrum(frames: np.ndarray) -> np.ndarray:
    """Power of each frame `(T, window)` under a Hann window, `(T, window // 2 + 1)`."""
    window = np.hanning(frames.shape[1] + 1)[:-1].astype(np.float32)
    return np.abs(np.fft.rfft(frames * window)) ** 2

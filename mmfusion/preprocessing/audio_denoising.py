"""Less noise in audio: a spectral gate and a Wiener filter."""

import numpy as np
from scipy.ndimage import uniform_filter
from scipy.signal import ShortTimeFFT
from scipy.signal.windows import hann

from mmfusion.ops.audio import check_audio

WINDOW_S = 0.032
QUIET = 0.2  # share of the time that each frequency is taken to hold noise only
SMOOTHING = 0.98  # of the ratio of signal to noise over time
TINY = 1e-12


def denoise_gate(
    samples: np.ndarray,
    rate_hz: int,
    *,
    noise: np.ndarray | None = None,
    threshold_db: float = 6.0,
    reduction_db: float = 20.0,
) -> np.ndarray:
    """Turns down every frequency while it is not well above the noise.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second.
        noise: float array `(S',)`, audio of the noise alone. `None` takes each frequency's quietest
            fifth for noise, so a tone that never stops is noise.
        threshold_db: float. How far above the noise a frequency counts as signal.
        reduction_db: float. How far the rest is turned down.

    Returns:
        float32 array `(S,)`. Silence stays silence.

    Raises:
        ValueError: if `samples` or `noise` is not mono audio, or if `reduction_db` is negative.

    Reference:
        [Sainburg et al., 2020](https://doi.org/10.1371/journal.pcbi.1008228)
    """
    if not reduction_db >= 0:
        raise ValueError(
            f"`reduction_db` must be at least 0. Received: reduction_db={reduction_db}"
        )

    def gate(ratio):
        is_open = ratio > 10 ** (threshold_db / 10)  # (lines, frames)
        closed_gain = 10 ** (-reduction_db / 20)
        return closed_gain + (1 - closed_gain) * uniform_filter(is_open.astype(float), 3)

    return _apply_gain(gate, samples, rate_hz, noise)


def denoise_wiener(
    samples: np.ndarray,
    rate_hz: int,
    *,
    noise: np.ndarray | None = None,
    reduction_db: float = 20.0,
) -> np.ndarray:
    """Weighs every frequency by how much of it is signal, which is followed over time.

    Smoother than the gate, with little of its twitter.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second.
        noise: float array `(S',)`, audio of the noise alone. `None` takes each frequency's quietest
            fifth for noise, so a tone that never stops is noise.
        reduction_db: float. How far noise is turned down at most.

    Returns:
        float32 array `(S,)`. Silence stays silence.

    Raises:
        ValueError: if `samples` or `noise` is not mono audio, or if `reduction_db` is negative.

    Reference:
        [Scalart and Filho, 1996](https://doi.org/10.1109/ICASSP.1996.543199)
    """
    if not reduction_db >= 0:
        raise ValueError(
            f"`reduction_db` must be at least 0. Received: reduction_db={reduction_db}"
        )
    least = 10 ** (-reduction_db / 20)

    def wiener(ratio):
        gain = np.empty_like(ratio)  # (lines, frames)
        clean = np.maximum(ratio[:, 0] - 1, 0)  # signal to noise of the frame before
        for t, now in enumerate(ratio.T):
            expected = SMOOTHING * clean + (1 - SMOOTHING) * np.maximum(now - 1, 0)
            gain[:, t] = np.maximum(expected / (1 + expected), least)
            clean = gain[:, t] ** 2 * now
        return gain

    return _apply_gain(wiener, samples, rate_hz, noise)


def _apply_gain(gain, samples, rate_hz, noise):
    """Multiplies the spectrum by a function of its ratio of power to that of the noise."""
    check_audio(samples, rate_hz)
    if not len(samples):
        return np.zeros(0, np.float32)
    size = max(4, 2 * round(WINDOW_S * rate_hz / 2))
    transform = ShortTimeFFT(hann(size, sym=False), size // 4, rate_hz)
    spectrum = _spectrum(transform, samples)  # (lines, frames)
    power = np.abs(spectrum) ** 2
    if (
        noise is None
    ):  # the power of noise falls off exponentially, so its mean follows from a quantile
        level = np.quantile(power, QUIET, axis=1, keepdims=True) / -np.log(1 - QUIET)
    else:
        check_audio(noise)
        level = np.mean(np.abs(_spectrum(transform, noise)) ** 2, axis=1, keepdims=True)
    spectrum *= gain(power / np.maximum(level, TINY))
    return transform.istft(spectrum, k1=max(len(samples), size))[: len(samples)].astype(np.float32)


def _spectrum(transform, samples):
    """Spectrum of audio that is at least as long as the window; zeros fill it up."""
    lacking = max(0, transform.m_num - len(samples))
    return transform.stft(np.pad(np.asarray(samples, np.float64), (0, lacking)))

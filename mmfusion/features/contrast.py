"""Contrast of audio: how far the peaks of each octave stand above its valleys."""

import itertools

import numpy as np

from mmfusion.features.spectrum import FLOOR, frame_moments, power_spectrum

SHARE = 0.02  # of the lines of an octave that count as peaks, and as valleys


def extract_contrast(
    samples: np.ndarray,
    rate_hz: int,
    *,
    lowest_hz: float = 200.0,
    octaves: int = 5,
    window_s: float = 0.064,
    hop_s: float = 0.010,
) -> np.ndarray:
    """Describes how clear the tones of each octave are around each moment.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second.
        lowest_hz: float. Where the second band begins; the first lies below.
        octaves: int. Octaves above; the last must begin below half the rate.
        window_s: float. Length of the window around a moment.
        hop_s: float. From a moment to the next; moment t is at `t * hop_s`.

    Returns:
        float32 array `(T, octaves + 1)`, T being `S // hop + 1`: for each band, decibels from its
        valleys to its peaks. Silence yields zeros, no samples yield no rows.

    Raises:
        ValueError: if `samples` is not finite mono audio, or if a setting is out of range.

    Example:

    >>> extract_contrast(np.zeros(1600), 16000).shape
    (11, 6)

    Reference:
        [Jiang et al., 2002](https://doi.org/10.1109/ICME.2002.1035731)
    """
    edges_hz = np.concatenate([[0], lowest_hz * 2.0 ** np.arange(octaves + 1)])
    if lowest_hz <= 0 or octaves < 1 or edges_hz[-2] >= rate_hz / 2:
        raise ValueError(
            "`lowest_hz` must be positive, `octaves` at least 1, and the last begin below half the "
            f"rate. Received: lowest_hz={lowest_hz}, octaves={octaves}, rate_hz={rate_hz}"
        )
    frames = frame_moments(samples, rate_hz, window_s=window_s, hop_s=hop_s)
    magnitude = np.sqrt(power_spectrum(frames))  # (T, lines)
    hz = np.fft.rfftfreq(frames.shape[1], 1 / rate_hz)
    contrast = np.zeros((len(frames), octaves + 1), np.float32)
    for band, (low, high) in enumerate(itertools.pairwise(edges_hz)):
        within = np.flatnonzero((hz >= low) & (hz <= high))
        if not within.size:
            continue
        lines = np.sort(magnitude[:, within], axis=1)
        few = max(1, round(SHARE * within.size))
        valley, peak = (part.mean(axis=1) for part in (lines[:, :few], lines[:, -few:]))
        peak, valley = (np.maximum(part**2, FLOOR) for part in (peak, valley))
        contrast[:, band] = 10 * np.log10(peak / valley)
    return contrast

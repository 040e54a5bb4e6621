"""Mel-frequency cepstral coefficients of audio, with their changes."""

import functools

import librosa
import numpy as np
from scipy.fft import dct
from scipy.signal import savgol_filter

from mmfusion.features.spectrum import FLOOR, frame_moments, power_spectrum

DELTA_STEPS = 9


def extract_mfcc(
    samples: np.ndarray,
    rate_hz: int,
    *,
    coefficients: int = 20,
    bands: int = 40,
    window_s: float = 0.032,
    hop_s: float = 0.010,
) -> np.ndarray:
    """Describes the timbre around each moment by MFCC and their first and second changes.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second.
        coefficients: int. Coefficients K, at most `bands`.
        bands: int. Mel bands up to half the rate.
        window_s: float. Length of the window around a moment.
        hop_s: float. From a moment to the next; moment t is at `t * hop_s`.

    Returns:
        float32 array `(T, 3 * K)`, T being `S // hop + 1`. In silence each band is at -100 dB, so
        that the first coefficient is `-100 * sqrt(bands)` and all others are 0. No samples yield no
        rows.

    Raises:
        ValueError: if `samples` is not finite mono audio, or if a setting is out of range.

    Example:

    >>> extract_mfcc(np.zeros(160), 16000)[0, 0].round(1)
    -632.5

    Reference:
        [Davis and Mermelstein, 1980](https://doi.org/10.1109/TASSP.1980.1163420)
    """
    if not 1 <= coefficients <= bands:
        raise ValueError(
            "`coefficients` must be at least 1 and at most `bands`. "
            f"Received: coefficients={coefficients}, bands={bands}"
        )
    frames = frame_moments(samples, rate_hz, window_s=window_s, hop_s=hop_s)
    if not len(frames):
        return np.zeros((0, 3 * coefficients), np.float32)
    power = power_spectrum(frames) @ _mel_bands(rate_hz, frames.shape[1], bands)  # (T, bands)
    level_db = 10 * np.log10(np.maximum(power, FLOOR))
    mfcc = dct(level_db, norm="ortho")[:, :coefficients]  # (T, K)
    changes = [savgol_filter(mfcc, DELTA_STEPS, n, deriv=n, axis=0, mode="nearest") for n in (1, 2)]
    return np.concatenate([mfcc, *changes], axis=1).astype(np.float32)


@functools.cache
def _mel_bands(rate_hz, window, bands):
    """Slaney's mel bands, `(lines, bands)`."""
    return librosa.filters.mel(sr=rate_hz, n_fft=window, n_mels=bands).T

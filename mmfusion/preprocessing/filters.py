"""Filters of audio: Butterworth low, high and band pass without delay, and pre-emphasis."""

import numpy as np
from scipy.signal import butter, lfilter, sosfiltfilt

from mmfusion.ops.audio import check_audio


def low_pass(samples: np.ndarray, rate_hz: int, cutoff_hz: float, *, order: int = 4) -> np.ndarray:
    """Keeps what lies below a frequency.

    The filter runs forth and back, so nothing is delayed, and at the cut-off the level is 6 dB
    lower.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second.
        cutoff_hz: float. Below half of `rate_hz`.
        order: int. Of the Butterworth filter.

    Returns:
        float32 array `(S,)`.

    Raises:
        ValueError: if `samples` is not mono audio, or if a setting is out of range.

    Reference:
        [Butterworth, 1930](https://en.wikipedia.org/wiki/Butterworth_filter)
    """
    return _butterworth(samples, rate_hz, cutoff_hz, kind="lowpass", order=order)


def high_pass(samples: np.ndarray, rate_hz: int, cutoff_hz: float, *, order: int = 4) -> np.ndarray:
    """Keeps what lies above a frequency. See `low_pass`."""
    return _butterworth(samples, rate_hz, cutoff_hz, kind="highpass", order=order)


def band_pass(
    samples: np.ndarray, rate_hz: int, band_hz: tuple[float, float], *, order: int = 4
) -> np.ndarray:
    """Keeps what lies between two frequencies, `band_hz=(low, high)`. See `low_pass`."""
    return _butterworth(samples, rate_hz, band_hz, kind="bandpass", order=order)


def pre_emphasise(samples: np.ndarray, *, coefficient: float = 0.97) -> np.ndarray:
    """Lifts high frequencies: each sample less a share of the one before.

    Args:
        samples: float array `(S,)` in [-1, 1].
        coefficient: float. That share, at least 0 and below 1.

    Returns:
        float32 array `(S,)`.

    Raises:
        ValueError: if `samples` is not mono audio, or if `coefficient` is out of range.

    Example:

    >>> pre_emphasise(np.array([1.0, 1.0, 0.0]), coefficient=0.5)
    array([ 1. ,  0.5, -0.5], dtype=float32)
    """
    _check_share(samples, coefficient)
    emphasised = samples.astype(np.float64)
    emphasised[1:] -= coefficient * samples[:-1]
    return emphasised.astype(np.float32)


def de_emphasise(samples: np.ndarray, *, coefficient: float = 0.97) -> np.ndarray:
    """The inverse of `pre_emphasise`."""
    _check_share(samples, coefficient)
    return lfilter([1], [1, -coefficient], samples).astype(np.float32)


def _check_share(samples, coefficient):
    check_audio(samples)
    if not 0 <= coefficient < 1:
        raise ValueError(
            f"`coefficient` must be at least 0 and below 1. Received: coefficient={coefficient}"
        )


def _butterworth(samples, rate_hz, cut_hz, *, kind, order):
    check_audio(samples, rate_hz)
    edges_hz = np.atleast_1d(np.asarray(cut_hz, np.float64))
    if edges_hz.shape != (2 if kind == "bandpass" else 1,) or not (
        0 < edges_hz[0] <= edges_hz[-1] < rate_hz / 2 and (np.diff(edges_hz) > 0).all()
    ):
        raise ValueError(
            "Cut-offs must rise and lie between 0 and half the rate. "
            f"Received: {cut_hz} Hz for a {kind} at rate_hz={rate_hz}"
        )
    if order < 1:
        raise ValueError(f"`order` must be at least 1. Received: order={order}")
    if not len(samples):
        return np.zeros(0, np.float32)
    sections = butter(order, cut_hz, kind, fs=rate_hz, output="sos")
    settle = min(3 * (2 * len(sections) + 1), len(samples) - 1)
    return sosfiltfilt(sections, samples, padlen=settle).astype(np.float32)

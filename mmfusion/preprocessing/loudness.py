"""Loudness as people hear it, by EBU R128, and audio brought to one loudness."""

import numpy as np
from scipy.signal import lfilter

from mmfusion.ops.audio import check_audio

BLOCK_S, HOP_S = 0.4, 0.1
SILENCE_LUFS = -70.0
GATE_LU = -10.0
OFFSET_LUFS = -0.691
# Analogue prototypes of the two K-weighting filters of BS.1770.
SHELF_HZ, SHELF_Q, SHELF_DB = 1681.974450955533, 0.7071752369554196, 3.999843853973347
PASS_HZ, PASS_Q = 38.13547087602444, 0.5003270373238773


def loudness_lufs(samples: np.ndarray, rate_hz: int) -> float:
    """Integrated loudness of mono audio: K-weighted power of blocks of 0.4 s, gated twice.

    Audio under 0.4 s is one block.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second, at least 4000.

    Returns:
        float in LUFS; minus infinity for silence, that is below -70 LUFS throughout.

    Raises:
        ValueError: if `samples` is not mono audio, or if `rate_hz` is below 4000.

    Example:

    >>> round(loudness_lufs(np.sin(2 * np.pi * 997 * np.arange(48000) / 48000), 48000), 2)
    -3.01

    Reference:
        [ITU-R BS.1770-4, 2015](https://www.itu.int/rec/R-REC-BS.1770-4-201510-S/en),
        [EBU R 128, 2020](https://tech.ebu.ch/docs/r/r128.pdf)
    """
    check_audio(samples, rate_hz)
    if rate_hz < 4000:
        raise ValueError(f"`rate_hz` must be at least 4000. Received: rate_hz={rate_hz}")
    if not len(samples):
        return -np.inf
    weighted = np.asarray(samples, np.float64)
    for numerator, denominator in k_weighting(rate_hz):
        weighted = lfilter(numerator, denominator, weighted)
    total = np.concatenate([[0], np.cumsum(weighted**2)])
    size = min(round(BLOCK_S * rate_hz), len(samples))
    starts = np.arange(0, len(samples) - size + 1, round(HOP_S * rate_hz))
    power = (total[starts + size] - total[starts]) / size  # (blocks,)
    power = power[power > _power(SILENCE_LUFS)]
    if not power.size:
        return -np.inf
    power = power[power > power.mean() * 10 ** (GATE_LU / 10)]
    return float(OFFSET_LUFS + 10 * np.log10(power.mean()))


def normalise_loudness(
    samples: np.ndarray, rate_hz: int, *, target_lufs: float = -23.0, highest_peak: float = 0.99
) -> np.ndarray:
    """Brings audio to one loudness by a constant gain.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second, at least 4000.
        target_lufs: float.
        highest_peak: float. The gain stops where a sample would pass this.

    Returns:
        float32 array `(S,)`. Silence stays as it is.

    Raises:
        ValueError: if `samples` is not mono audio, or if a setting is out of range.
    """
    if not 0 < highest_peak <= 1 or not np.isfinite(target_lufs):
        raise ValueError(
            "`highest_peak` must be in (0, 1] and `target_lufs` finite. "
            f"Received: highest_peak={highest_peak}, target_lufs={target_lufs}"
        )
    found_lufs = loudness_lufs(samples, rate_hz)
    if np.isinf(found_lufs):
        return samples.astype(np.float32)
    gain = 10 ** ((target_lufs - found_lufs) / 20)
    return (samples * min(gain, highest_peak / np.abs(samples).max())).astype(np.float32)


def k_weighting(rate_hz: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """The two filters of BS.1770 at any rate: the head's high shelf, then a high pass.

    Args:
        rate_hz: int. Samples per second.

    Returns:
        List of two pairs of numerator `(3,)` and denominator `(3,)`.
    """
    k = np.tan(np.pi * SHELF_HZ / rate_hz)
    high = 10 ** (SHELF_DB / 20)
    middle = high**0.4996667741545416
    numerator = [high + middle * k / SHELF_Q + k * k, 2 * (k * k - high)]
    numerator.append(high - middle * k / SHELF_Q + k * k)
    denominator = _poles(k, SHELF_Q)
    shelf = numerator / denominator[0], denominator / denominator[0]
    denominator = _poles(np.tan(np.pi * PASS_HZ / rate_hz), PASS_Q)
    return [shelf, (np.array([1.0, -2.0, 1.0]), denominator / denominator[0])]


def _poles(k, q):
    return np.array([1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k])


def _power(lufs):
    return 10 ** ((lufs - OFFSET_LUFS) / 10)

"""A single echo of audio: added, found, taken away."""

import numpy as np

from mmfusion.ops.audio import check_audio


def add_echo(
    samples: np.ndarray, rate_hz: int, *, delay_s: float = 0.2, gain: float = 0.4
) -> np.ndarray:
    """Adds the audio again, later and softer, as a wall would.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second.
        delay_s: float. At least one sample.
        gain: float. Of the echo, above -1 and below 1.

    Returns:
        float32 array `(S,)`; what rings on after the end is cut.

    Raises:
        ValueError: if `samples` is not mono audio, or if a setting is out of range.

    Example:

    >>> add_echo(np.array([1.0, 0.0, 0.0, 0.0]), 10, delay_s=0.2, gain=0.5)
    array([1. , 0. , 0.5, 0. ], dtype=float32)
    """
    delay = _samples_late(samples, rate_hz, delay_s, gain)
    echoed = samples.astype(np.float64)
    echoed[delay:] += gain * samples[:-delay]
    return echoed.astype(np.float32)


def remove_echo(samples: np.ndarray, rate_hz: int, *, delay_s: float, gain: float) -> np.ndarray:
    """The inverse of `add_echo`; `find_echo` returns both numbers where they are not known."""
    delay = _samples_late(samples, rate_hz, delay_s, gain)
    dry = samples.astype(np.float64)
    for start in range(delay, len(dry), delay):
        here = dry[start : start + delay]
        here -= gain * dry[start - delay : start][: len(here)]
    return dry.astype(np.float32)


def find_echo(
    samples: np.ndarray, rate_hz: int, *, earliest_s: float = 0.02, latest_s: float = 0.5
) -> tuple[float, float]:
    """Finds an echo as the highest peak of the cepstrum, where it stands at its delay.

    A tone's own period also makes peaks: `earliest_s` must be longer than the period of a voice.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second.
        earliest_s: float. Delays below are not searched.
        latest_s: float. Delays above are not searched.

    Returns:
        Tuple of floats `(delay_s, gain)`; `(earliest_s, 0.0)` where the audio is silent or too
        short to find one.

    Raises:
        ValueError: if `samples` is not mono audio, or if the delays are out of order.

    Reference:
        [Bogert et al., 1963](https://en.wikipedia.org/wiki/Cepstrum)
    """
    check_audio(samples, rate_hz)
    if not 0 < earliest_s < latest_s < np.inf:
        raise ValueError(
            "`earliest_s` must be positive and below `latest_s`. "
            f"Received: earliest_s={earliest_s}, latest_s={latest_s}"
        )
    first, last = max(1, round(earliest_s * rate_hz)), round(latest_s * rate_hz)
    if len(samples) < 2 * last or not np.any(samples):
        return earliest_s, 0.0
    power = np.abs(np.fft.rfft(samples, 2 * len(samples))) ** 2
    cepstrum = np.fft.irfft(np.log(power + 1e-9 * power.mean()))
    delay = first + int(np.argmax(cepstrum[first : last + 1]))
    return delay / rate_hz, float(np.clip(cepstrum[delay], 0.0, 0.95))


def _samples_late(samples, rate_hz, delay_s, gain):
    """The delay in samples, after a check of all."""
    check_audio(samples, rate_hz)
    delay = round(delay_s * rate_hz)
    if delay < 1 or not -1 < gain < 1:
        raise ValueError(
            "`delay_s` must be at least one sample and `gain` above -1 and below 1. "
            f"Received: delay_s={delay_s}, gain={gain}, rate_hz={rate_hz}"
        )
    return delay

"""Mono audio from one rate to another by FFmpeg's resampler."""

import av
import numpy as np

TAPS = 64  # more than its filter has, at the lower of both rates


def resample_audio(samples: np.ndarray, rate_hz: int, wanted_hz: int) -> np.ndarray:
    """Resamples mono audio; what was heard at a time is heard at the same time after.

    Args:
        samples: float32 array `(S,)`.
        rate_hz: int. Samples per second.
        wanted_hz: int. Samples per second of the result.

    Returns:
        float32 array `(round(S * wanted_hz / rate_hz),)`, half a sample rounded up.

    Example:

    >>> resample_audio(np.ones(80, "float32"), 8000, 16000).shape
    (160,)
    """
    count = (2 * len(samples) * wanted_hz + rate_hz) // (2 * rate_hz)
    silence = np.zeros(TAPS * (1 + rate_hz // wanted_hz), np.float32)  # brings the end out
    planes = np.concatenate([samples, silence], dtype=np.float32)[None]
    frame = av.AudioFrame.from_ndarray(planes, "fltp", "mono")
    frame.sample_rate = rate_hz
    blocks = av.AudioResampler("fltp", "mono", wanted_hz).resample(frame)
    return np.concatenate([block.to_ndarray()[0] for block in blocks])[:count]

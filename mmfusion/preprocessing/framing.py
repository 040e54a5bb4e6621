"""Audio cut into frames that overlap, in seconds."""

import numpy as np

from mmfusion.ops.audio import check_audio


def frame_audio(
    samples: np.ndarray, rate_hz: int, *, length_s: float = 0.025, hop_s: float = 0.010
) -> np.ndarray:
    """Cuts audio into frames of `length_s`, one every `hop_s`.

    Frame n starts at `n * hop_s`, rounded to a sample. The end is not lost: the last frame is
    filled up with zeros.

    Args:
        samples: float array `(S,)` in [-1, 1].
        rate_hz: int. Samples per second.
        length_s: float. Length of a frame.
        hop_s: float. From the start of a frame to that of the next.

    Returns:
        float32 array `(N, length)`. No samples yield no frames.

    Raises:
        ValueError: if `samples` is not mono audio, or if a length is under one sample.

    Example:

    >>> frame_audio(np.arange(5.0), 10, length_s=0.3, hop_s=0.2)
    array([[0., 1., 2.],
           [2., 3., 4.]], dtype=float32)
    """
    check_audio(samples, rate_hz)
    length, hop = round(length_s * rate_hz), hop_s * rate_hz
    if length < 1 or hop < 1:
        raise ValueError(
            "`length_s` and `hop_s` must be at least one sample. "
            f"Received: length_s={length_s}, hop_s={hop_s}, rate_hz={rate_hz}"
        )
    if not len(samples):
        return np.zeros((0, length), np.float32)
    count = 1 + max(0, int(np.ceil((len(samples) - length) / hop - 1e-9)))
    starts = np.round(np.arange(count) * hop).astype(int)
    starts = starts[starts < len(samples)]
    padded = np.zeros(max(starts[-1] + length, len(samples)), np.float32)
    padded[: len(samples)] = samples
    return padded[starts[:, None] + np.arange(length)]

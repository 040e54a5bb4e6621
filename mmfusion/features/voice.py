"""How voice and pauses are spread over a clip, from the segments that a detector found."""

import numpy as np


def describe_voice(segments_s: np.ndarray, length_s: float) -> np.ndarray:
    """Describes when there is voice in a clip.

    Args:
        segments_s: float array `(N, 2)`: start and end of each segment in seconds, as
            `mm.preprocessing.find_voice_by_energy` returns them.
        length_s: float. Length of the clip.

    Returns:
        float32 array `(6,)`: the share of time with voice, segments in a second, mean and greatest
        length of a segment in seconds, mean pause between two of them, and the start of the first.
        No voice yields zeros, but for the start, which is then the clip's length.

    Raises:
        ValueError: if `segments_s` is not `(N, 2)`, or if `length_s` is not positive.

    Example:

    >>> describe_voice(np.array([[0.5, 1.0], [1.5, 2.0]]), 2.0)
    array([0.5, 1. , 0.5, 0.5, 0.5, 0.5], dtype=float32)
    """
    segments_s = np.asarray(segments_s, np.float64)
    if segments_s.ndim != 2 or segments_s.shape[1] != 2 or not 0 < length_s < np.inf:
        raise ValueError(
            "`segments_s` must be (N, 2) and `length_s` positive. "
            f"Received: shape {segments_s.shape}, length_s={length_s}"
        )
    if not len(segments_s):
        return np.array([0, 0, 0, 0, 0, length_s], np.float32)
    lengths = segments_s[:, 1] - segments_s[:, 0]
    pauses = segments_s[1:, 0] - segments_s[:-1, 1]
    pause = pauses.mean() if len(pauses) else 0.0
    share, rate = lengths.sum() / length_s, len(lengths) / length_s
    figures = [share, rate, lengths.mean(), lengths.max(), pause, segments_s[0, 0]]
    return np.array(figures, np.float32)

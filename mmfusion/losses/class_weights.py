"""Weights under which rare classes count as much as their clips are worth."""

from collections.abc import Sequence

import numpy as np


def class_weights(counts: Sequence[int] | np.ndarray, *, beta: float = 0.999) -> np.ndarray:
    """Class-balanced weights: the inverse of the effective number of clips of each class.

    Args:
        counts: Sequence of K ints, the clips of each class.
        beta: float. 0 weighs all classes alike; towards 1, by the inverse of their counts.

    Returns:
        float32 array `(K,)`, on average 1 over the clips.

    Raises:
        ValueError: if a class has no clip, or `beta` is out of range.

    Example:

    >>> class_weights([10, 30], beta=0.999999).round(3)
    array([2.   , 0.667], dtype=float32)

    Reference:
        [Cui et al., 2019](https://arxiv.org/abs/1901.05555)
    """
    counts = np.asarray(counts, float)
    if not len(counts) or not counts.min() >= 1:
        raise ValueError(f"Each class needs a clip. Received: counts={counts.tolist()}")
    if not 0 <= beta < 1:
        raise ValueError(f"`beta` must be at least 0 and below 1. Received: beta={beta}")
    weights = (1 - beta) / (1 - beta**counts)
    return (weights * counts.sum() / (weights * counts).sum()).astype("float32")

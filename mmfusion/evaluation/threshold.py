"""The probability from which a class is called, chosen for a wanted recall."""

import math

import numpy as np


def threshold(is_positive: np.ndarray, scores: np.ndarray, *, recall: float) -> float:
    """The highest threshold at which at least so many of the positives are found.

    Chosen on validation clips, it is then kept for all others.

    Args:
        is_positive: bool array `(N,)`.
        scores: float array `(N,)`, the probability of the class.
        recall: float. Wanted share of the positives, above 0 and at most 1.

    Returns:
        float. A clip is called where its score is at least this.

    Raises:
        ValueError: if `recall` is out of range or there is no positive.

    Example:

    >>> threshold(np.array([True, True, False]), np.array([0.9, 0.4, 0.6]), recall=1.0)
    0.4
    """
    if not 0 < recall <= 1:
        raise ValueError(f"`recall` must be above 0 and at most 1. Received: recall={recall}")
    found = np.sort(np.asarray(scores)[np.asarray(is_positive, bool)])[::-1]
    if not len(found):
        raise ValueError(f"A positive clip is needed to choose by. Received: none of {len(scores)}")
    return float(found[math.ceil(recall * len(found) - 1e-9) - 1])


def called(is_positive: np.ndarray, scores: np.ndarray, *, at: float) -> dict[str, float | None]:
    """What calling the class from a threshold on scores.

    Args:
        is_positive: bool array `(N,)`.
        scores: float array `(N,)`.
        at: float. The threshold.

    Returns:
        dict of `"precision"`, `"recall"` and `"called"`, the share of clips that are called; None
        where undefined.
    """
    is_positive, chosen = np.asarray(is_positive, bool), np.asarray(scores) >= at
    return {
        "precision": _share(is_positive[chosen]),
        "recall": _share(chosen[is_positive]),
        "called": _share(chosen),
    }


def _share(flags):
    return float(flags.mean()) if len(flags) else None

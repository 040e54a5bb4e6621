"""Intervals and paired tests over folds, honest about the clips that folds share."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.stats


def fold_interval(
    values: Sequence[float] | np.ndarray, *, folds: int, level: float = 0.95
) -> list[float] | None:
    """Interval of the mean of a figure over the folds and repetitions of a cross-validation.

    The training parts of two folds share most of their clips, so the folds' figures lie closer
    together than those of fresh data would; the variance is widened for it.

    Args:
        values: Sequence of J floats, one for each fold of each repetition.
        folds: int. Folds of a repetition.
        level: float. Share of the intervals that hold the truth.

    Returns:
        `[low, high]`, or None for fewer than two values.

    Example:

    >>> [round(end, 3) for end in fold_interval([0.7, 0.8, 0.9, 0.8, 0.8], folds=5)]
    [0.668, 0.932]

    Reference:
        [Nadeau and Bengio, 2003](https://doi.org/10.1023/A:1024068626366)
    """
    if len(values) < 2:
        return None
    reach = scipy.stats.t.ppf((1 + level) / 2, len(values) - 1) * _error(values, folds)
    middle = float(np.mean(values))
    return [middle - reach, middle + reach]


def fold_test(ours: Sequence[float], theirs: Sequence[float], *, folds: int) -> dict[str, Any]:
    """Paired t-test of two models over the same folds, with the same widened variance.

    Args:
        ours: Sequence of J floats.
        theirs: Sequence of J floats of the same folds.
        folds: int. Folds of a repetition.

    Returns:
        dict of the mean `"gain"`, its 95 % `"interval"` and the two-sided `"p"`; the last two are
        None for fewer than two folds.

    Raises:
        ValueError: if the sequences are of different length.

    Example:

    >>> fold_test([0.8, 0.9, 0.8], [0.5, 0.6, 0.6], folds=3)["p"] < 0.05
    True
    """
    if len(ours) != len(theirs):
        raise ValueError(f"Folds must be paired. Received: {len(ours)} and {len(theirs)} figures")
    gains = np.subtract(ours, theirs)
    gain, p = float(np.mean(gains)), None
    if len(gains) > 1:
        error = _error(gains, folds)
        t = gain / error if error else math.copysign(math.inf, gain) if gain else 0.0
        p = float(2 * scipy.stats.t.sf(abs(t), len(gains) - 1))
    return {"gain": gain, "interval": fold_interval(gains, folds=folds), "p": p}


def _error(values, folds):
    """Standard error of the mean: the test part is `1 / (folds - 1)` of the training part."""
    return math.sqrt(np.var(values, ddof=1) * (1 / len(values) + 1 / (folds - 1)))

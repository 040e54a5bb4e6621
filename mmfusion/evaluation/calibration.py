"""Whether a probability of 0.8 comes true eight times in ten."""

from typing import Any

import numpy as np
import scipy.optimize

SMALLEST = 1e-12  # probability
FARTHEST = 7.0  # log T: a thousand times softer, or sharper
WIDTH = 0.5  # of the belief about log T before any clip is read: most lie between 0.37 and 2.7


def calibration(labels: np.ndarray, probabilities: np.ndarray, *, bins: int = 10) -> dict[str, Any]:
    """Reliability bins of the winning probability, and the expected calibration error.

    Args:
        labels: int array `(N,)`.
        probabilities: float array `(N, K)`.
        bins: int. Equal parts of [0, 1].

    Returns:
        dict of `"ece"`, None for no clip, and `"bins"`: for each bin that holds a clip its `"low"`
        and `"high"` end, its count `"n"`, its mean `"confidence"` and its `"accuracy"`.

    Example:

    >>> calibration(np.array([0, 1]), np.array([[0.9, 0.1], [0.9, 0.1]]))["ece"]
    0.4

    Reference:
        [Guo et al., 2017](https://arxiv.org/abs/1706.04599)
    """
    confidence = probabilities.max(axis=1)  # (N,)
    right = probabilities.argmax(axis=1) == labels  # (N,)
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)  # bins are (low, high]
    rows = [
        {
            "low": bin_ / bins,
            "high": (bin_ + 1) / bins,
            "n": int((place == bin_).sum()),
            "confidence": float(confidence[place == bin_].mean()),
            "accuracy": float(right[place == bin_].mean()),
        }
        for bin_ in np.unique(place).tolist()
    ]
    gaps = [row["n"] * abs(row["accuracy"] - row["confidence"]) for row in rows]
    return {"ece": float(sum(gaps) / len(labels)) if len(labels) else None, "bins": rows}


def temperature(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """The temperature T under which probabilities fit the labels best.

    Softened probabilities are `p ** (1 / T)`, scaled to sum to 1. The belief that T is near 1 keeps
    a handful of validation clips from making it extreme; no clip leaves it at 1.

    Args:
        labels: int array `(N,)`.
        probabilities: float array `(N, K)`.

    Returns:
        float. Above 1 for a model that was too sure of itself.

    Example:

    >>> sure = np.tile([[0.99, 0.01]], (200, 1))
    >>> 2 < temperature(np.arange(200) % 4 == 0, sure) < 5
    True

    Reference:
        [Guo et al., 2017](https://arxiv.org/abs/1706.04599)
    """
    labels = np.asarray(labels, int)
    logs = np.log(np.maximum(probabilities, SMALLEST))  # (N, K)

    def loss(log_t):
        scaled = logs / np.exp(log_t)
        truth = np.take_along_axis(scaled, labels[:, None], axis=1)[:, 0]
        misfit = (np.logaddexp.reduce(scaled, axis=1) - truth).sum()
        return misfit + (log_t / WIDTH) ** 2 / 2

    found = scipy.optimize.minimize_scalar(loss, bounds=(-FARTHEST, FARTHEST), method="bounded")
    return float(np.exp(found.x))

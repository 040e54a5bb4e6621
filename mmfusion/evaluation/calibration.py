"""Whether a probability of 0.8 comes true eight times in ten."""

import numpy as np


def calibration(labels, probabilities, *, bins=10):
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

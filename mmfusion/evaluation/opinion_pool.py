"""How much each of several opinions should count, found on clips that none was trained on."""

import numpy as np
import scipy.optimize
from scipy.special import log_softmax, softmax

SMALLEST = 1e-12  # probability


def opinion_weights(labels: np.ndarray, predicted: np.ndarray, present: np.ndarray) -> np.ndarray:
    """The weights of a logarithmic opinion pool under which the labels are likeliest.

    The pool returns `softmax(sum of w * log p)` over the opinions that a clip has, whose weights
    are scaled to add up to 1. The belief that all count the same keeps a handful of clips from
    silencing one; no clip leaves them equal.

    Args:
        labels: int array `(N,)`.
        predicted: float array `(M, N, K)`, the probabilities that each opinion predicts.
        present: bool array `(N, M)`, which opinions a clip has.

    Returns:
        float array `(M,)`, the logarithms of the weights, but for what makes them add up to 1.

    Example:

    >>> knows, guesses = [[0.9, 0.1], [0.1, 0.9]], [[0.1, 0.9], [0.5, 0.5]]
    >>> logs = opinion_weights([0, 1], np.array([knows, guesses]), np.ones((2, 2), bool))
    >>> bool(logs[0] > logs[1])
    True

    Reference:
        [Genest and Zidek, 1986](https://doi.org/10.1214/ss/1177013825)
    """
    labels = np.asarray(labels, int)
    logs = np.log(np.maximum(predicted, SMALLEST))  # (M, N, K)

    def loss(weights):
        chosen = np.where(present, softmax(np.where(present, weights, -np.inf), axis=1), 0)
        pooled = log_softmax(np.einsum("nm,mnk->nk", chosen, logs), axis=1)
        misfit = -np.take_along_axis(pooled, labels[:, None], axis=1).sum()
        return misfit + np.square(weights).sum() / 2

    present = np.asarray(present, bool)
    some = present.any(axis=1)  # a clip without any opinion adds nothing
    labels, logs, present = labels[some], logs[:, some], present[some]
    return scipy.optimize.minimize(loss, np.zeros(len(logs))).x

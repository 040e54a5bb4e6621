"""Accuracy, precision, recall, F1 and AUC of one weighting of the clips, or of a thousand at once.

Everything takes `weights` of shape `(R, N)`, how often each of N clips counts in each of R
resamples, so that the bootstrap is a matrix product. What is undefined is NaN.
"""

import numpy as np
import scipy.sparse


def confusions(
    labels: np.ndarray, predicted: np.ndarray, weights: np.ndarray, *, classes: int
) -> np.ndarray:
    """Confusion matrices, true classes in rows.

    Args:
        labels: int array `(N,)`, the true classes.
        predicted: int array `(N,)`.
        weights: float array `(R, N)`.
        classes: int. K.

    Returns:
        float array `(R, K, K)`.
    """
    clips = np.arange(len(labels))
    cells = scipy.sparse.csr_array(
        (np.ones(len(labels)), (clips, labels * classes + predicted)),
        shape=(len(labels), classes**2),
    )
    return (weights @ cells).reshape(-1, classes, classes)


def class_scores(matrices: np.ndarray) -> dict[str, np.ndarray]:
    """Precision, recall and F1 of each class.

    A class that occurs neither in the labels nor in the predictions is NaN; for the others a
    division by zero counts as 0, as in scikit-learn.

    Args:
        matrices: float array `(R, K, K)`, from `confusions`.

    Returns:
        dict of `"precision"`, `"recall"`, `"f1"` to float arrays `(R, K)`.
    """
    hits = np.diagonal(matrices, axis1=1, axis2=2)  # (R, K)
    support, guessed = matrices.sum(axis=2), matrices.sum(axis=1)  # (R, K)
    occurs = support + guessed > 0
    pairs = {
        "precision": (hits, guessed),
        "recall": (hits, support),
        "f1": (2 * hits, support + guessed),
    }
    return {
        name: np.where(occurs, top / np.where(bottom > 0, bottom, 1), np.nan)
        for name, (top, bottom) in pairs.items()
    }


def auc(is_positive: np.ndarray, ranks: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Area under the ROC curve: how often a positive clip is ranked above a negative one.

    Args:
        is_positive: bool array `(N,)`.
        ranks: float array `(N,)`, higher for likelier positives; ties count a half.
        weights: float array `(R, N)`.

    Returns:
        float array `(R,)`, NaN where positives or negatives are missing.
    """
    if not len(ranks):
        return np.full(len(weights), np.nan)
    order = np.argsort(ranks)
    _, starts = np.unique(ranks[order], return_index=True)
    totals = [
        np.add.reduceat(weights[:, order] * chosen[order], starts, axis=1)
        for chosen in (is_positive, ~is_positive)
    ]
    positives, negatives = totals  # (R, distinct ranks)
    won = (positives * (np.cumsum(negatives, axis=1) - negatives / 2)).sum(axis=1)
    pairs = positives.sum(axis=1) * negatives.sum(axis=1)
    return np.where(pairs > 0, won / np.where(pairs > 0, pairs, 1), np.nan)


def scores(
    labels: np.ndarray,
    probabilities: np.ndarray,
    weights: np.ndarray,
    *,
    positive: int | None = None,
) -> dict[str, np.ndarray]:
    """The headline figures.

    Args:
        labels: int array `(N,)`.
        probabilities: float array `(N, K)`.
        weights: float array `(R, N)`.
        positive: int. Class whose precision, recall, F1 and AUC are reported; by default the mean
            over the classes (macro), the AUC being one class against the rest.

    Returns:
        dict of `"accuracy"`, `"precision"`, `"recall"`, `"f1"`, `"macro_f1"`, `"weighted_f1"` (by
        how often a class occurs), `"auc"` to float arrays `(R,)`.
    """
    classes = probabilities.shape[1]
    matrices = confusions(labels, probabilities.argmax(axis=1), weights, classes=classes)
    by_class = class_scores(matrices)
    chosen = range(classes) if positive is None else [positive]
    areas = [auc(labels == k, probabilities[:, k], weights) for k in chosen]
    picked = {name: values[:, list(chosen)] for name, values in by_class.items()}
    return {
        "accuracy": _ratio(np.trace(matrices, axis1=1, axis2=2), matrices.sum(axis=(1, 2))),
        **{name: _mean(values) for name, values in picked.items()},
        "macro_f1": _mean(by_class["f1"]),
        "weighted_f1": _weighted(by_class["f1"], matrices.sum(axis=2)),
        "auc": _mean(np.stack(areas, axis=1)),
    }


def _ratio(top, bottom):
    return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1), np.nan)


def _weighted(values, support):
    """Mean over the last axis of what occurs, each by how often it does."""
    return _ratio(np.where(support > 0, values * support, 0).sum(axis=-1), support.sum(axis=-1))


def _mean(values):
    """Mean over the last axis of what is defined, NaN where nothing is."""
    defined = ~np.isnan(values)
    return _ratio(np.where(defined, values, 0).sum(axis=-1), defined.sum(axis=-1))

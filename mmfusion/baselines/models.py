"""Scikit-learn's models for hand-crafted features, with settings that hold over many corpora."""

from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import expit, softmax
from sklearn.ensemble import ExtraTreesClassifier, GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC, LinearSVC

MODELS = {
    "boosting": lambda seed: GradientBoostingClassifier(
        n_estimators=300,
        learning_rate=0.05,
        max_depth=3,
        subsample=0.5,
        max_features="sqrt",
        random_state=seed,
    ),
    "forest": lambda seed: ExtraTreesClassifier(300, min_samples_leaf=2, random_state=seed),
    "linear svm": lambda seed: LinearSVC(C=1e-3, class_weight="balanced", random_state=seed),
    "logistic": lambda seed: LogisticRegression(C=0.01, max_iter=1000),
    "svm": lambda seed: SVC(C=3.0),
}
LINEAR = ("linear svm", "logistic")


def fit_models(
    features: np.ndarray | sparse.csr_matrix, labels: np.ndarray, *, seed: int
) -> dict[str, Any]:
    """Fits every model that suits the features: linear ones only, where they are sparse.

    Args:
        features: float array or sparse matrix `(N, D)`, standardised.
        labels: int array `(N,)`.
        seed: int.

    Returns:
        dict of name to a fitted model.
    """
    names = LINEAR if sparse.issparse(features) else MODELS
    return {name: MODELS[name](seed).fit(features, labels) for name in names}


def class_scores(model: Any, features: np.ndarray | sparse.csr_matrix) -> np.ndarray:
    """How a model weighs the classes, rows that add up to 1.

    Args:
        model: One of those `fit_models` returns.
        features: float array or sparse matrix `(N, D)`.

    Returns:
        float array `(N, K)`, the columns in the order of `model.classes_`.
    """
    if hasattr(model, "predict_proba"):
        return model.predict_proba(features)
    distances = model.decision_function(features)  # (N, K), or (N,) for two classes
    if distances.ndim == 2:
        return softmax(distances, axis=1)
    return np.stack([expit(-distances), expit(distances)], axis=1)

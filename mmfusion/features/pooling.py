"""Features of steps as one vector of the clip: means, spreads, quantiles and changes over time."""

from collections.abc import Sequence

import numpy as np

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def pool_steps(
    features: np.ndarray, *, quantiles: Sequence[float] = QUANTILES, changes: bool = True
) -> np.ndarray:
    """Describes how features are spread over the steps of a clip.

    Args:
        features: float array `(T, D)`, at least one step.
        quantiles: sequence of float from 0 to 1.
        changes: bool. Whether to add how much features change from step to step.

    Returns:
        float32 array `(K * D,)`: the mean and the standard deviation of each feature, each quantile
        of it, and the mean and the standard deviation of the size of its changes, which are 0 where
        there is a single step.

    Raises:
        ValueError: if `features` is not finite `(T, D)` or holds no step.

    Example:

    >>> pool_steps(np.array([[1.0], [3.0]]), quantiles=(0.5,))
    array([2., 1., 2., 2., 0.], dtype=float32)
    """
    features = np.asarray(features, np.float64)
    if features.ndim != 2 or not len(features) or not np.isfinite(features).all():
        raise ValueError(
            f"`features` must be finite (T, D), T at least 1. Received: shape {features.shape}"
        )
    parts = [features.mean(axis=0), features.std(axis=0)]
    if quantiles:
        parts += [*np.quantile(features, quantiles, axis=0)]
    if changes:
        sizes = np.abs(np.diff(features, axis=0)) if len(features) > 1 else np.zeros_like(features)
        parts += [sizes.mean(axis=0), sizes.std(axis=0)]
    return np.concatenate(parts).astype(np.float32)

"""Cross-entropy of class numbers or of shares of classes, smoothed and weighted."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from mmfusion.losses.focal import Focal


@keras.saving.register_keras_serializable("mmfusion")
class CrossEntropy(Focal):
    """Cross-entropy of probabilities.

    Beside Keras' own it takes class numbers and shares (as mixed clips have) alike, and weights of
    classes. It is `Focal` without focus.

    Args:
        label_smoothing: float. Share of each label that is spread over all classes.
        class_weights: Sequence of K floats, or None for all alike.

    Call arguments:
        y_true: `(B,)` class numbers, or `(B, K)` shares of classes; of sequences `(B, T)` or
            `(B, T, K)`.
        y_pred: float tensor `(B, K)` or `(B, T, K)`, probabilities.

    Returns:
        Float tensor `(B,)` or `(B, T)` before reduction.

    Raises:
        ValueError: if `label_smoothing` is out of range.

    Example:

    >>> round(float(mm.losses.CrossEntropy()(np.array([0]), np.array([[0.5, 0.5]]))), 4)
    0.6931
    """

    def __init__(
        self,
        *,
        label_smoothing: float = 0.0,
        class_weights: Sequence[float] | np.ndarray | None = None,
        name: str = "cross_entropy",
        **kwargs: Any,
    ) -> None:
        super().__init__(
            0.0, label_smoothing=label_smoothing, class_weights=class_weights, name=name, **kwargs
        )

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["gamma"]
        return config

"""Cross-entropy that spends itself on the clips that are still wrong."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from mmfusion.losses.soft_labels import soft_labels


@keras.saving.register_keras_serializable("mmfusion")
class Focal(keras.losses.Loss):
    """Focal loss of probabilities: `-(1 - p) ** gamma * log(p)`, summed over the shares of classes.

    Args:
        gamma: float. 0 is cross-entropy; the more, the less a clip counts that is already right.
        label_smoothing: float. Share of each label that is spread over all classes.
        class_weights: Sequence of K floats, or None for all alike.

    Call arguments:
        y_true: `(B,)` class numbers, or `(B, K)` shares of classes; of sequences `(B, T)` or
            `(B, T, K)`.
        y_pred: float tensor `(B, K)` or `(B, T, K)`, probabilities.

    Returns:
        Float tensor `(B,)` or `(B, T)` before reduction.

    Raises:
        ValueError: if `gamma` or `label_smoothing` is out of range.

    Example:

    >>> sure, torn = np.array([[0.9, 0.1]]), np.array([[0.6, 0.4]])
    >>> loss = mm.losses.Focal(gamma=2.0)
    >>> float(loss(np.array([0]), torn) / loss(np.array([0]), sure)) > 70
    True

    Reference:
        [Lin et al., 2017](https://arxiv.org/abs/1708.02002)
    """

    def __init__(
        self,
        gamma: float = 2.0,
        *,
        label_smoothing: float = 0.0,
        class_weights: Sequence[float] | np.ndarray | None = None,
        name: str = "focal",
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        if not gamma >= 0:
            raise ValueError(f"`gamma` must be at least 0. Received: gamma={gamma}")
        if not 0 <= label_smoothing < 1:
            raise ValueError(
                "`label_smoothing` must be at least 0 and below 1. "
                f"Received: label_smoothing={label_smoothing}"
            )
        self.gamma = gamma
        self.label_smoothing = label_smoothing
        self.class_weights = class_weights

    def call(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        ops = keras.ops
        wide = keras.backend.result_type(y_pred.dtype, "float32")  # half precision rounds to 1
        smallest = keras.backend.epsilon()
        probabilities = ops.clip(ops.cast(y_pred, wide), smallest, 1 - smallest)  # (B, K)
        shares = soft_labels(
            y_true, y_pred.shape[-1], rank=len(y_pred.shape), label_smoothing=self.label_smoothing
        )
        shares = ops.cast(shares, wide)
        if self.class_weights is not None:
            shares = shares * ops.convert_to_tensor(self.class_weights, shares.dtype)
        loss = -shares * ops.log(probabilities)
        if self.gamma:
            loss = loss * (1 - probabilities) ** self.gamma
        return ops.sum(loss, axis=-1)

    def get_config(self) -> dict[str, Any]:
        weights = self.class_weights
        return {
            **super().get_config(),
            "gamma": self.gamma,
            "label_smoothing": self.label_smoothing,
            "class_weights": None if weights is None else [float(each) for each in weights],
        }

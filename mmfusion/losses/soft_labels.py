"""Class numbers, or shares of classes, as the shares that a loss compares with."""

import keras
import tensorflow as tf


def soft_labels(
    labels: tf.Tensor, classes: int, *, rank: int = 2, label_smoothing: float = 0.0
) -> tf.Tensor:
    """Shares of classes, smoothed towards all of them.

    Args:
        labels: tensor `(B,)` or `(B, 1)` of class numbers, or `(B, K)` of shares; with steps
            between, `(B, T)` or `(B, T, K)`, where `rank` is 3.
        classes: int. K.
        rank: int. Axes of the shares.
        label_smoothing: float. Share that is spread over all classes.

    Returns:
        Float tensor `(B, K)` or `(B, T, K)`.
    """
    if len(labels.shape) == rank and labels.shape[-1] == 1 != classes:
        labels = labels[..., 0]
    if len(labels.shape) == rank - 1:
        labels = keras.ops.one_hot(keras.ops.cast(labels, "int32"), classes)
    labels = keras.ops.cast(labels, keras.backend.floatx())
    return (1 - label_smoothing) * labels + label_smoothing / classes

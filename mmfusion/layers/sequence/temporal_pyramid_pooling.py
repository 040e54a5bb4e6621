"""Mean and greatest of each segment of a clip: what comes first, and what comes then."""

from typing import Any

import keras
from keras import ops

from mmfusion.ops.masks import keep


@keras.saving.register_keras_serializable("mmfusion")
class TemporalPyramidPooling(keras.layers.Layer):
    """Cuts the present steps of a clip into equal segments and sums each up.

    A mean over all steps cannot tell sitting down from standing up; that of each segment can.

    Args:
        segments: int. Number P of segments. Default 4.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        inputs: float tensor of shape `(B, T, D)`.
        mask: bool tensor of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, 2 * P * D)`, the means of all segments and then the greatest
        values; 0 for a segment without a step.

    Raises:
        ValueError: if `segments` is below 1.

    Example:

    >>> steps = np.array([[[1.0], [3.0], [5.0], [9.0]]])
    >>> mm.layers.TemporalPyramidPooling(2)(steps, np.ones((1, 4), bool)).numpy()
    array([[2., 7., 3., 9.]], dtype=float32)
    """

    def __init__(self, segments: int = 4, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if segments < 1:
            raise ValueError(f"`segments` must be at least 1. Received: segments={segments}")
        self.segments = segments

    def call(self, inputs: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        counts = ops.cast(mask, "int32")
        place = ops.cumsum(counts, axis=1) - 1  # (B, T), among the present steps
        length = ops.maximum(ops.sum(counts, axis=1, keepdims=True), 1)  # (B, 1)
        segment = place * self.segments // length  # (B, T)
        inside = ops.equal(segment[:, None], ops.arange(self.segments)[:, None])  # (B, P, T)
        inside = ops.logical_and(inside, mask[:, None])
        inputs = keep(inputs, mask)
        weights = ops.cast(inside, inputs.dtype)
        means = ops.matmul(weights, inputs) / ops.maximum(ops.sum(weights, -1)[..., None], 1)
        greatest = ops.max(ops.where(inside[..., None], inputs[:, None], -6e4), axis=2)
        greatest = keep(greatest, ops.any(inside, axis=-1))  # (B, P, D)
        both = ops.concatenate([means, greatest], axis=1)  # (B, 2 * P, D)
        return ops.reshape(both, (-1, 2 * self.segments * inputs.shape[-1]))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "segments": self.segments}

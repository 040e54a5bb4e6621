"""A sequence moved in time by a learned number of steps."""

from typing import Any

import keras
from keras import ops

from mmfusion.ops.masks import keep


@keras.saving.register_keras_serializable("mmfusion")
class LearnedShift(keras.layers.Layer):
    """Replaces every step by a learned average of the steps around it, at first of itself alone.

    The same weights hold at all steps and for all features: what is learned is how much earlier or
    later a modality is than the others.

    Args:
        max_offset: int. Greatest shift in steps, in both directions.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        inputs: float tensor of shape `(B, T, D)`.
        mask: bool tensor of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, T, D)` and its mask: valid where any step in reach is.

    Raises:
        ValueError: if `max_offset` is below 1.

    Example:

    >>> mask = np.array([[True, False, False]])
    >>> mm.layers.LearnedShift(1)(np.ones((1, 3, 2)), mask)[1].numpy()
    array([[ True,  True, False]])

    Reference:
        [Chung and Zisserman, 2016](https://www.robots.ox.ac.uk/~vgg/publications/2016/Chung16a/)
    """

    def __init__(self, max_offset: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if max_offset < 1:
            raise ValueError(f"`max_offset` must be at least 1. Received: max_offset={max_offset}")
        self.max_offset = max_offset

    def build(self, inputs_shape: tuple[int | None, ...]) -> None:
        self.logits = self.add_weight(
            shape=(2 * self.max_offset + 1,), initializer="zeros", name="logits"
        )

    def call(
        self, inputs: keras.KerasTensor, mask: keras.KerasTensor
    ) -> tuple[keras.KerasTensor, keras.KerasTensor]:
        reach = self.max_offset
        here = ops.one_hot(reach, 2 * reach + 1, dtype=self.compute_dtype)
        weights = ops.softmax(self.logits + 4 * here)  # (2 * reach + 1,)
        inputs = ops.pad(keep(inputs, mask), ((0, 0), (reach, reach), (0, 0)))
        valid = ops.pad(ops.cast(mask, self.compute_dtype), ((0, 0), (reach, reach)))
        total, share = 0, 0
        for index in range(2 * reach + 1):
            window = slice(index, index - 2 * reach or None)
            total = total + weights[index] * inputs[:, window]  # (B, T, D)
            share = share + weights[index] * valid[:, window]  # (B, T)
        mask = share > 0
        return total / ops.where(mask, share, 1)[..., None], mask

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "max_offset": self.max_offset}

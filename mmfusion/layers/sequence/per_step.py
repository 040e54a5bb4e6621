"""A layer applied to every step of a clip at once, by folding the steps into the batch."""

from typing import Any

import keras
from keras import ops

from mmfusion.ops.masks import keep


@keras.saving.register_keras_serializable("mmfusion")
class PerStep(keras.layers.Wrapper):
    """Applies a layer to each present step; absent steps are never read and return 0.

    Unlike `keras.layers.TimeDistributed`, which copies the layer once for every step, all steps
    make one call, and the number of steps may vary.

    The layer must treat the members of a batch apart from each other: batch normalisation in
    training would mix absent steps in.

    Args:
        layer: Keras layer or model of one step, `(N, ...)` to `(N, ...)`.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        inputs: tensor of shape `(B, T, ...)`.
        mask: bool tensor of shape `(B, T)`.

    Returns:
        Tensor of shape `(B, T, ...)`.

    Example:

    >>> frames, mask = np.ones((2, 5, 8, 8, 3)), np.ones((2, 5), bool)
    >>> mm.layers.PerStep(keras.layers.GlobalAveragePooling2D())(frames, mask).shape
    TensorShape([2, 5, 3])
    """

    def __init__(self, layer: keras.layers.Layer, **kwargs: Any) -> None:
        super().__init__(layer, **kwargs)
        # On a CPU, convolutions compiled by XLA take three times as long as oneDNN's.
        self.supports_jit = bool(keras.distribution.list_devices("gpu"))

    def build(self, inputs_shape: tuple[int | None, ...]) -> None:
        super().build((None, *inputs_shape[2:]))

    def call(self, inputs: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        whole = ops.all(mask)  # then a copy of all frames is spared
        inputs = ops.cond(whole, lambda: inputs, lambda: keep(inputs, mask))  # (B, T, ...)
        outputs = self.layer(ops.reshape(inputs, (-1, *inputs.shape[2:])))  # (B*T, ...)
        steps = inputs.shape[1] or ops.shape(inputs)[1]
        return keep(ops.reshape(outputs, (-1, steps, *outputs.shape[1:])), mask)

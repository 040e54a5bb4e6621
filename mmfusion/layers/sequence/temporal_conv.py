"""Convolution over the steps of a clip that never reads an absent one."""

from typing import Any

import keras

from mmfusion.ops.masks import keep


@keras.saving.register_keras_serializable("mmfusion")
class TemporalConv(keras.layers.Layer):
    """Adds to every step what a window of steps around it shows.

    Args:
        kernel_size: int. Steps of the window. Default 3.
        dilation: int. Distance between the steps of the window. Default 1.
        normalise: bool. Whether the convolution takes steps of mean 0 and variance 1, which lets
            many of these layers stand on one another. Default `False`.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        inputs: float tensor of shape `(B, T, D)`.
        mask: bool tensor of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, T, D)`; 0 at absent steps.

    Example:

    >>> mm.layers.TemporalConv()(np.ones((2, 5, 4)), np.ones((2, 5), bool)).shape
    TensorShape([2, 5, 4])

    Reference:
        [Bai et al., 2018](https://arxiv.org/abs/1803.01271),
        [Xiong et al., 2020](https://arxiv.org/abs/2002.04745)
    """

    def __init__(
        self, kernel_size: int = 3, dilation: int = 1, normalise: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.normalise = normalise

    def build(self, inputs_shape: tuple[int | None, ...]) -> None:
        self.conv = keras.layers.Conv1D(
            inputs_shape[-1],
            self.kernel_size,
            dilation_rate=self.dilation,
            padding="same",
            activation="relu",
            dtype=self.dtype_policy,
            name="conv",
        )
        self.conv.build(inputs_shape)
        if self.normalise:
            self.norm = keras.layers.LayerNormalization(dtype=self.dtype_policy, name="norm")
            self.norm.build(inputs_shape)

    def call(self, inputs: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        inputs = keep(inputs, mask)  # (B, T, D)
        window = keep(self.norm(inputs), mask) if self.normalise else inputs
        return keep(inputs + self.conv(window), mask)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "dilation": self.dilation,
            "normalise": self.normalise,
        }

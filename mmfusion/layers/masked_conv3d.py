"""Convolution over steps and picture at once that never reads an absent frame."""

import keras

from mmfusion.ops.masks import keep


@keras.saving.register_keras_serializable("mmfusion")
class MaskedConv3D(keras.layers.Layer):
    """A 3-D convolution that sees absent frames as zeros and leaves them zero.

    The number of steps stays as it is; height and width are divided by `stride`.

    Args:
        filters: int. Width of the output.
        kernel_size: tuple of 3 int. Steps, height and width of the window.
        stride: int. Of height and width. Default 1.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        inputs: float tensor of shape `(B, T, H, W, C)`.
        mask: bool tensor of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, T, H / stride, W / stride, filters)`; 0 at absent steps.

    Example:

    >>> frames, mask = np.ones((2, 5, 8, 8, 3)), np.ones((2, 5), bool)
    >>> mm.layers.MaskedConv3D(4, (3, 3, 3), stride=2)(frames, mask).shape
    TensorShape([2, 5, 4, 4, 4])

    Reference:
        [Tran et al., 2015](https://arxiv.org/abs/1412.0767)
    """

    def __init__(self, filters, kernel_size, *, stride=1, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = kernel_size
        self.stride = stride

    def build(self, inputs_shape):
        self.conv = keras.layers.Conv3D(
            self.filters,
            self.kernel_size,
            strides=(1, self.stride, self.stride),
            padding="same",
            activation="relu",
            dtype=self.dtype_policy,
            name="conv",
        )
        self.conv.build(inputs_shape)

    def call(self, inputs, mask):
        return keep(self.conv(keep(inputs, mask)), mask)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "stride": self.stride,
        }

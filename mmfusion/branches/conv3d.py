"""Frames read together by convolutions over time, height and width: 3-D, or (2+1)-D."""

from collections.abc import Sequence
from typing import Any

import keras

from mmfusion.layers.sequence.per_step import PerStep
from mmfusion.ops.masks import keep
from mmfusion.specs import scope_name


def conv3d(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    filters: Sequence[int] = (16, 32, 64),
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """A 3-D convolution: every kernel spans three steps.

    Args:
        inputs: named `keras.Input` of shape `(B, T, H, W, C)`.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        filters: tuple of int. Width of each convolution. Default `(16, 32, 64)`.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> frames = keras.Input((16, 112, 112, 4), name="video")
    >>> mask = keras.Input((16,), dtype="bool")
    >>> features, _ = mm.branches.conv3d(frames, mask, units=32)
    >>> features.shape
    (None, 16, 32)

    Reference:
        [Tran et al., 2015](https://arxiv.org/abs/1412.0767)
    """
    name = scope_name(inputs.name)
    maps = inputs
    for index, width in enumerate(filters):
        size, stride = (7, 4) if index == 0 else (3, 2)
        conv = MaskedConv3D(width, (3, size, size), stride=stride, name=f"{name}_conv3d_{index}")
        maps = conv(maps, mask)  # (B, T, H', W', width)
    return _pooled(maps, mask, units, name)


def conv2plus1d(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    filters: Sequence[int] = (16, 32, 64),
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """A 3-D convolution factorised: in space within each frame, then in time over three steps.

    Arguments and result as of `conv3d`.

    Reference:
        [Tran et al., 2018](https://arxiv.org/abs/1711.11248)
    """
    name = scope_name(inputs.name)
    maps = inputs
    for index, width in enumerate(filters):
        size, stride = (7, 4) if index == 0 else (3, 2)
        space = MaskedConv3D(width, (1, size, size), stride=stride, name=f"{name}_space_{index}")
        time = MaskedConv3D(width, (3, 1, 1), name=f"{name}_time_{index}")
        maps = time(space(maps, mask), mask)  # (B, T, H', W', width)
    return _pooled(maps, mask, units, name)


def _pooled(maps, mask, units, name):
    frame = keras.Sequential(
        [
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.LayerNormalization(),
            keras.layers.Dense(units, activation="relu"),
        ],
        name=f"{name}_frame",
    )
    return PerStep(frame, name=f"{name}_pooled")(maps, mask), mask


@keras.saving.register_keras_serializable("mmfusion")
class MaskedConv3D(keras.layers.Layer):
    """A 3-D convolution that takes absent frames as zeros and leaves them zero.

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
    >>> MaskedConv3D(4, (3, 3, 3), stride=2)(frames, mask).shape
    TensorShape([2, 5, 4, 4, 4])

    Reference:
        [Tran et al., 2015](https://arxiv.org/abs/1412.0767)
    """

    def __init__(
        self, filters: int, kernel_size: Sequence[int], *, stride: int = 1, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = kernel_size
        self.stride = stride

    def build(self, inputs_shape: tuple[int | None, ...]) -> None:
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

    def call(self, inputs: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        return keep(self.conv(keep(inputs, mask)), mask)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "stride": self.stride,
        }

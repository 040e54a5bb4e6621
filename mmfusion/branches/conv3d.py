"""Frames read together by convolutions over steps and picture at once: 3-D, or (2+1)-D."""

import keras

from mmfusion.layers.masked_conv3d import MaskedConv3D
from mmfusion.layers.per_step import PerStep


def conv3d(inputs, mask, *, units=64, filters=(16, 32, 64)):
    """A 3-D convolution: every layer sees three steps.

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
    maps = inputs
    for index, width in enumerate(filters):
        size, stride = (7, 4) if index == 0 else (3, 2)
        conv = MaskedConv3D(
            width, (3, size, size), stride=stride, name=f"{inputs.name}_conv3d_{index}"
        )
        maps = conv(maps, mask)  # (B, T, H', W', width)
    return _pooled(maps, mask, units, inputs.name)


def conv2plus1d(inputs, mask, *, units=64, filters=(16, 32, 64)):
    """A 3-D convolution taken apart: each picture by itself, then each place over three steps.

    Arguments and result as of `conv3d`.

    Reference:
        [Tran et al., 2018](https://arxiv.org/abs/1711.11248)
    """
    maps = inputs
    for index, width in enumerate(filters):
        size, stride = (7, 4) if index == 0 else (3, 2)
        space = MaskedConv3D(
            width, (1, size, size), stride=stride, name=f"{inputs.name}_space_{index}"
        )
        time = MaskedConv3D(width, (3, 1, 1), name=f"{inputs.name}_time_{index}")
        maps = time(space(maps, mask), mask)  # (B, T, H', W', width)
    return _pooled(maps, mask, units, inputs.name)


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

"""Frames read one by one by a 2-D convolution, then convolved over neighbouring steps."""

from collections.abc import Sequence

import keras

from mmfusion.layers.sequence.per_step import PerStep
from mmfusion.layers.sequence.temporal_conv import TemporalConv
from mmfusion.layers.video.frame_cnn import frame_cnn
from mmfusion.specs import scope_name


def conv2d(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    filters: Sequence[int] = (16, 32, 64),
    kernel_size: int = 3,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """The default video branch: a strided convolution of each frame, then one over the steps.

    The first convolution has a stride of four pixels, so that 16 frames of 112 px train at
    over a hundred clips a second on two CPU cores. Pooling keeps the mean of each filter and its
    maximum, so that something small is not averaged away.

    Args:
        inputs: named `keras.Input` of shape `(B, T, H, W, C)`.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        filters: tuple of int. Width of each convolution. Default `(16, 32, 64)`.
        kernel_size: int. Kernel size of the temporal convolution, in steps. Default 3.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> import keras
    >>> frames = keras.Input((16, 112, 112, 4), name="video")
    >>> mask = keras.Input((16,), dtype="bool")
    >>> features, _ = mm.branches.conv2d(frames, mask, units=32)
    >>> features.shape
    (None, 16, 32)
    """
    name = scope_name(inputs.name)
    tower = frame_cnn(inputs.shape[2:], units=units, filters=filters, name=f"{name}_frame")
    features = PerStep(tower, name=f"{name}_conv2d")(inputs, mask)  # (B, T, D)
    return TemporalConv(kernel_size, name=f"{name}_temporal")(features, mask), mask

"""Frames as maps of features, for fusions that attend to places."""

from collections.abc import Sequence

import keras

from mmfusion.layers.sequence.per_step import PerStep
from mmfusion.specs import scope_name


def conv_maps(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    filters: Sequence[int] = (16, 32),
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """A convolution of each frame that keeps where in the frame a thing is.

    What `SpatialFusion` lays audio, colour and texture over.

    Args:
        inputs: named `keras.Input` of shape `(B, T, H, W, C)`.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features of a place. Default 64.
        filters: tuple of int. Width of each convolution before the last, each of which halves
            height and width. Default `(16, 32)`.

    Returns:
        Features `(B, T, H', W', D)` and the mask.

    Example:

    >>> frames = keras.Input((16, 112, 112, 4), name="video")
    >>> mask = keras.Input((16,), dtype="bool")
    >>> features, _ = mm.branches.conv_maps(frames, mask, units=32)
    >>> features.shape
    (None, 16, 14, 14, 32)

    Reference:
        [Tian et al., 2018](https://arxiv.org/abs/1803.08842)
    """
    name = scope_name(inputs.name)
    layers = [
        keras.layers.Conv2D(width, 3, strides=2, padding="same", activation="relu")
        for width in (*filters, units)
    ]
    frame = keras.Sequential(layers, name=f"{name}_frame")
    return PerStep(frame, name=f"{name}_conv_maps")(inputs, mask), mask

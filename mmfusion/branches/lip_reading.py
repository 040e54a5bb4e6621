"""Mouths read by convolutions over each frame and over the steps, then by an LSTM."""

import math
from collections.abc import Sequence

import keras
from keras import ops

from mmfusion.branches.recurrent import lstm
from mmfusion.layers.sequence.per_step import PerStep
from mmfusion.layers.sequence.temporal_conv import TemporalConv
from mmfusion.ops.masks import keep, masked_mean
from mmfusion.specs import scope_name


def lip_reading(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    filters: Sequence[int] = (32, 32),
    dropout: float = 0.3,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """The video branch of mouths, as the cleaning `video.mouth` crops them.

    Each frame is normalised by the mean of its clip, and the convolutions keep the place of what
    moves: lips differ little from word to word beside all that a face shows. Small frames, of 24
    pixels, are learned from soonest.

    Args:
        inputs: named `keras.Input` of shape `(B, T, H, W, C)`, the change in the last channel, as
            the Preprocessor returns it; only the brightness of the others is read.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        filters: tuple of int. Width of each convolution. Default `(32, 32)`.
        dropout: float. Share of the features that a clip does without in training. Default 0.3.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> mouths = keras.Input((36, 24, 24, 4), name="video")
    >>> features, _ = mm.branches.lip_reading(mouths, keras.Input((36,), dtype="bool"), units=32)
    >>> features.shape
    (None, 36, 32)

    Reference:
        [Assael et al., 2016](https://arxiv.org/abs/1611.01599)
    """
    name = scope_name(inputs.name)
    grey = ops.mean(inputs[..., :-1], axis=-1, keepdims=True)  # (B, T, H, W, 1)
    moved = RelativeFrames(name=f"{name}_relative")(grey, mask)
    sizes = (5, *[3] * (len(filters) - 1))
    cnn = keras.Sequential(
        [
            keras.Input(moved.shape[2:]),
            *[
                keras.layers.Conv2D(width, size, 2, padding="same", activation="relu")
                for width, size in zip(filters, sizes, strict=True)
            ],
            keras.layers.Flatten(),
            keras.layers.Dense(units),
        ],
        name=f"{name}_frame",
    )
    drop = keras.layers.SpatialDropout1D(dropout, name=f"{name}_drop")
    features = drop(PerStep(cnn, name=f"{name}_lips")(moved, mask))  # (B, T, D)
    for dilation in (1, 2):
        conv = TemporalConv(5, dilation=dilation, name=f"{name}_temporal_{dilation}")
        features = conv(features, mask)
    features = drop(features)
    read, _ = lstm(features, mask, units=units, name=name)
    return keras.layers.Add(name=f"{name}_sum")([features, read]), mask


SMALLEST = 1e-3


@keras.saving.register_keras_serializable("mmfusion")
class RelativeFrames(keras.layers.Layer):
    """Normalises frames over their clip: mean 0 at every pixel, mean square 1 over all of them.

    What never moves, a face, its skin and its light, is gone; what moves is as strong in a dim clip
    as in a bright one.

    Call arguments:
        inputs: float tensor of shape `(B, T, H, W, C)`.
        mask: bool tensor of shape `(B, T)`.

    Returns:
        Float tensor of the same shape, over the present steps of a clip of mean 0 and mean square
        1, or 0 where nothing moves; 0 at absent steps.

    Example:

    >>> frames = np.array([[1.0, 3.0, 9.0]]).reshape(1, 3, 1, 1, 1)
    >>> RelativeFrames()(frames, np.array([[True, True, False]])).numpy().ravel().round(3)
    array([-1.,  1.,  0.], dtype=float32)
    """

    def call(self, inputs: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        steps = inputs.shape[1] or ops.shape(inputs)[1]
        pixels = ops.reshape(inputs, (-1, steps, math.prod(inputs.shape[2:])))  # (B, T, H * W * C)
        moved = keep(pixels - masked_mean(pixels, mask)[:, None], mask)
        power = ops.mean(masked_mean(ops.square(moved), mask), axis=-1)[:, None, None]  # (B, 1, 1)
        return ops.reshape(moved / ops.sqrt(power + SMALLEST**2), ops.shape(inputs))

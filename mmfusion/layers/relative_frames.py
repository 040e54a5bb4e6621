"""Frames told relative to what stays the same in their clip."""

import math

import keras
from keras import ops

from mmfusion.ops.masks import keep, masked_mean

SMALLEST = 1e-3


@keras.saving.register_keras_serializable("mmfusion")
class RelativeFrames(keras.layers.Layer):
    """Takes the mean picture of a clip from each of its frames, and the strength of what is left.

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
    >>> mm.layers.RelativeFrames()(frames, np.array([[True, True, False]])).numpy().ravel().round(3)
    array([-1.,  1.,  0.], dtype=float32)
    """

    def call(self, inputs, mask):
        steps = inputs.shape[1] or ops.shape(inputs)[1]
        pixels = ops.reshape(inputs, (-1, steps, math.prod(inputs.shape[2:])))  # (B, T, H * W * C)
        moved = keep(pixels - masked_mean(pixels, mask)[:, None], mask)
        power = ops.mean(masked_mean(ops.square(moved), mask), axis=-1)[:, None, None]  # (B, 1, 1)
        return ops.reshape(moved / ops.sqrt(power + SMALLEST**2), ops.shape(inputs))

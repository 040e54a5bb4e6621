"""Frames to float channels: colours or greys, and what has moved."""

import keras
import numpy as np
from keras import ops

MIDDLE = 127.5
GAIN = 5.0
LUMA = 0.299, 0.587, 0.114


@keras.saving.register_keras_serializable("mmfusion")
class FrameScaling(keras.layers.Layer):
    """Scales frames to [-1, 1] and puts the change of brightness since the step before beside them.

    Brightness is ITU-R BT.601 luma in [0, 1]; its change is multiplied by five, so that usual
    motion is of the size of colours. It is zero in the first step and wherever this step or the one
    before is absent. Of other than three channels brightness is the mean.

    Call arguments:
        frames: uint8 tensor `(B, T, H, W, C)`.
        mask: bool tensor `(B, T)`.

    Returns:
        Float tensor `(B, T, H, W, C + 1)`, computed in single precision; zeros where the mask is
        False.

    Example:

    >>> FrameScaling()(np.full((1, 2, 4, 4, 3), 255, "uint8"), np.ones((1, 2), bool)).shape
    TensorShape([1, 2, 4, 4, 4])
    """

    def call(self, frames: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        height, width, channels = frames.shape[2:]
        steps = frames.shape[1] or ops.shape(frames)[1]
        pixels = ops.cast(frames, "float32") - MIDDLE
        pixels = ops.reshape(pixels, (-1, steps, height * width, channels))
        pixels = ops.pad(pixels, ((0, 0), (1, 0), (0, 0), (0, 0)))  # (B, T + 1, H * W, C)
        scaled = ops.conv(
            pixels, _kernel(channels), data_format="channels_last"
        )  # (B, T, H * W, C + 1)
        here = ops.cast(mask, "float32")  # (B, T)
        both = here * ops.pad(here[:, :-1], ((0, 0), (1, 0)))
        valid = ops.stack([here] * channels + [both], axis=-1)  # (B, T, C + 1)
        scaled = ops.cast(scaled * valid[:, :, None], self.compute_dtype)
        return ops.reshape(scaled, (-1, steps, height, width, channels + 1))


def _kernel(channels):
    """A convolution over the step before and this one, `(2, 1, C, C + 1)`."""
    light = GAIN / 255 * np.array(LUMA if channels == 3 else [1 / channels] * channels, "float32")
    kernel = np.zeros((2, 1, channels, channels + 1), "float32")
    kernel[1, 0, :, :channels] = np.eye(channels) / MIDDLE
    kernel[:, 0, :, channels] = -light, light
    return kernel

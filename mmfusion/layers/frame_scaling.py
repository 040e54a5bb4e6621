"""Frames to four float channels: colour, and what has moved."""

import keras
import numpy as np
from keras import ops

MIDDLE = 127.5
GAIN = 5.0
LUMA = np.array([0.299, 0.587, 0.114], "float32")
KERNEL = np.zeros((2, 1, 3, 4), "float32")  # (step before and this one, 1, colour in, channel out)
KERNEL[1, 0, :, :3] = np.eye(3) / MIDDLE
KERNEL[0, 0, :, 3], KERNEL[1, 0, :, 3] = -GAIN * LUMA / 255, GAIN * LUMA / 255


@keras.saving.register_keras_serializable("mmfusion")
class FrameScaling(keras.layers.Layer):
    """Scales frames to [-1, 1] and puts the change of brightness since the step before beside them.

    Brightness is ITU-R BT.601 luma in [0, 1]; its change is told five times over, so that usual
    motion is of the size of colours. It is zero in the first step and wherever this step or the one
    before is absent.

    Call arguments:
        frames: uint8 tensor `(B, T, H, W, 3)`.
        mask: bool tensor `(B, T)`.

    Returns:
        float32 tensor `(B, T, H, W, 4)`, zeros where the mask is False.

    Example:

    >>> FrameScaling()(np.full((1, 2, 4, 4, 3), 255, "uint8"), np.ones((1, 2), bool)).shape
    TensorShape([1, 2, 4, 4, 4])
    """

    def call(self, frames, mask):
        steps, height, width = frames.shape[1:4]
        pixels = ops.cast(frames, "float32") - MIDDLE
        pixels = ops.reshape(pixels, (-1, steps, height * width, 3))
        pixels = ops.pad(pixels, ((0, 0), (1, 0), (0, 0), (0, 0)))  # (B, T + 1, H * W, 3)
        scaled = ops.conv(pixels, KERNEL, data_format="channels_last")  # (B, T, H * W, 4)
        here = ops.cast(mask, "float32")  # (B, T)
        both = here * ops.pad(here[:, :-1], ((0, 0), (1, 0)))
        valid = ops.stack([here, here, here, both], axis=-1)  # (B, T, 4)
        return ops.reshape(scaled * valid[:, :, None], (-1, steps, height, width, 4))

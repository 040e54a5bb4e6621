"""Frames to four float channels: colour, and what has moved."""

import keras
from keras import ops

LUMA = (0.299, 0.587, 0.114)


@keras.saving.register_keras_serializable("mmfusion")
class FrameScaling(keras.layers.Layer):
    """Scales frames to [-1, 1] and puts the change of brightness since the step before beside them.

    Brightness is ITU-R BT.601 luma in [0, 1]; its change lies in [-1, 1]. It is zero in the first
    step and wherever this step or the one before is absent.

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
        here = mask[:, :, None, None, None]
        colour = ops.cast(frames, "float32") / 255  # (B, T, H, W, 3)
        luma = ops.sum(colour * ops.convert_to_tensor(LUMA), axis=-1, keepdims=True)
        change = luma[:, 1:] - luma[:, :-1]  # (B, T - 1, H, W, 1)
        change = ops.where(here[:, 1:] & here[:, :-1], change, 0.0)
        change = ops.pad(change, ((0, 0), (1, 0), (0, 0), (0, 0), (0, 0)))
        return ops.where(here, ops.concatenate([2 * colour - 1, change], axis=-1), 0.0)

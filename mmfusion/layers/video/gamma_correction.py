"""Gamma correction of dark frames in the graph."""

from typing import Any

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable("mmfusion")
class GammaCorrection(keras.layers.Layer):
    """Brings the mean of a clip to a middle grey by one exponent for all of its frames.

    The same as `mm.preprocessing.correct_gamma` of the frames that are there.

    Args:
        middle: float. Mean brightness of a well lit clip, above 0 and below 1.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        frames: uint8 tensor `(B, T, H, W, C)`.
        mask: bool tensor `(B, T)`.

    Returns:
        uint8 tensor `(B, T, H, W, C)`; zeros where the mask is False.

    Example:

    >>> frames, mask = np.full((1, 1, 2, 2, 3), 64, "uint8"), np.ones((1, 1), bool)
    >>> GammaCorrection()(frames, mask).numpy()[0, 0, 0, 0]
    array([115, 115, 115], dtype=uint8)
    """

    def __init__(self, *, middle: float = 0.45, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.middle = middle

    def call(self, frames: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        shape = ops.shape(frames)
        here = ops.cast(mask, "int64")  # (B, T)
        light = ops.sum(ops.cast(frames, "int64"), axis=(2, 3, 4))  # exact, as counts are
        values = shape[2] * shape[3] * shape[4] * ops.maximum(ops.sum(here, axis=1), 1)
        mean = ops.cast(ops.sum(here * light, axis=1) / values, "float32") / 255  # (B,)
        grey = (mean > 0) & (mean < 1)
        gamma = ops.where(grey, np.log(self.middle) / ops.log(ops.where(grey, mean, 0.5)), 1.0)
        levels = np.arange(256, dtype="float32") / 255
        curves = ops.cast(ops.round(255 * levels ** gamma[:, None]), "uint8")  # (B, 256)
        pixels = ops.reshape(ops.cast(frames, "int32"), (shape[0], -1))
        curved = ops.reshape(ops.take_along_axis(curves, pixels, axis=1), shape)
        return curved * ops.cast(mask, "uint8")[:, :, None, None, None]

    def compute_output_spec(
        self, frames: keras.KerasTensor, mask: keras.KerasTensor
    ) -> keras.KerasTensor:
        return keras.KerasTensor(frames.shape, "uint8")

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "middle": self.middle}

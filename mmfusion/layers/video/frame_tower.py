"""Features of frames, and of what changes between them, by a frozen image network."""

from typing import Any

import keras
import numpy as np
from keras import ops

MIDDLE = 127.5


@keras.saving.register_keras_serializable("mmfusion")
class FrameTower(keras.layers.Wrapper):
    """Asks a frozen image network for each frame, and for its change since the step before.

    A change is shown as an image that is black where nothing changes and white from half the range
    on. It is of no change in the first step and wherever this step or the one before is absent.

    Args:
        layer: `keras.Model` of images `(N, H, W, 3)`, RGB in [-1, 1], to vectors `(N, D)`. It is
            not trained.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        frames: uint8 tensor `(B, T, H, W, 3)`, RGB.
        mask: bool tensor `(B, T)`.

    Returns:
        Float tensor `(B, T, 2 * D)`, of the frames first; zeros where the mask is False. Clips are
        computed one after the other, so that memory is that of one.

    Example:

    >>> network = mm.pretrained.efficientnet_lite(size_px=32)
    >>> FrameTower(network)(np.zeros((1, 2, 32, 32, 3), "uint8"), np.ones((1, 2), bool)).shape
    TensorShape([1, 2, 2560])
    """

    def __init__(self, layer: keras.Model, **kwargs: Any) -> None:
        layer.trainable = False
        super().__init__(layer, **kwargs)

    def build(self, frames_shape: tuple[int | None, ...]) -> None:
        self.built = True  # a model is built as it comes

    def call(self, frames: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        features = ops.map(self._of_clip, (frames, mask))  # (B, T, 2 * D)
        return ops.cast(features, self.compute_dtype)

    def _of_clip(self, clip):
        frames, mask = clip
        images = ops.cast(frames, "float32") / MIDDLE - 1  # (T, H, W, 3)
        here = ops.cast(mask, "float32")
        both = here * ops.pad(here[:-1], ((1, 0),))  # (T,)
        before = ops.concatenate([images[:1], images[:-1]])
        changes = ops.abs(images - before) * both[:, None, None, None]
        shown = ops.concatenate([images, ops.minimum(2 * changes - 1, 1)])
        found = ops.cast(self.layer(shown, training=False), "float32")  # (2 * T, D)
        steps = ops.shape(mask)[0]
        return ops.concatenate([found[:steps], found[steps:]], axis=-1) * here[:, None]

    def compute_output_spec(
        self, frames: keras.KerasTensor, mask: keras.KerasTensor
    ) -> keras.KerasTensor:
        width = 2 * self.layer.output_shape[-1]
        return keras.KerasTensor((*frames.shape[:2], width), self.compute_dtype)

    def describe(self, frames: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """The features `(T, 2 * D)` of one clip `(T, H, W, 3)` as an array."""
        found = self(frames[None], np.asarray(mask, bool)[None])
        return ops.convert_to_numpy(found)[0].astype(np.float32)

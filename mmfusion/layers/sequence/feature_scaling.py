"""A fitted scaling as a layer, so that a model and its export carry the numbers."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable("mmfusion")
class FeatureScaling(keras.layers.Layer):
    """Takes an offset away and divides by a scale; what is masked becomes 0 and is never read.

    Args:
        offset: nested lists of float, of the shape of the last axes, as `Scaling.offset`.
        scale: nested lists of float, of the same shape, as `Scaling.scale`.
        invert: bool. Whether to undo the scaling instead.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: float tensor `(B, T, ...)`.
        mask: bool tensor `(B, T)`. `None` reads everything.

    Returns:
        Float tensor of the same shape.

    Example:

    >>> scaling = mm.preprocessing.fit_z_score([np.array([[1.0], [3.0]])])
    >>> layer = FeatureScaling(**scaling.to_dict())
    >>> layer(np.array([[[3.0], [9.0]]]), np.array([[True, False]])).numpy().ravel()
    array([1., 0.], dtype=float32)
    """

    def __init__(
        self, offset: Sequence[Any], scale: Sequence[Any], *, invert: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(autocast=False, **kwargs)  # features may be too large for half precision
        self.offset = np.asarray(offset).tolist()
        self.scale = np.asarray(scale).tolist()
        self.invert = invert

    def call(
        self, features: keras.KerasTensor, mask: keras.KerasTensor | None = None
    ) -> keras.KerasTensor:
        wide = keras.backend.result_type(self.compute_dtype, "float32")
        offset, scale = (np.asarray(x, wide) for x in (self.offset, self.scale))
        features = ops.cast(features, wide)
        scaled = features * scale + offset if self.invert else (features - offset) / scale
        scaled = ops.cast(scaled, self.compute_dtype)
        if mask is None:
            return scaled
        extra = len(features.shape) - len(mask.shape)
        seen = ops.reshape(mask, (*ops.shape(mask), *[1] * extra))
        return ops.where(seen, scaled, ops.zeros_like(scaled))

    def compute_output_shape(
        self,
        features_shape: tuple[int | None, ...],
        mask_shape: tuple[int | None, ...] | None = None,
    ) -> tuple[int | None, ...]:
        return features_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "offset": self.offset,
            "scale": self.scale,
            "invert": self.invert,
        }

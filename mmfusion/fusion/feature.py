"""Feature-level fusion: every modality encoded, then all of them together."""

from typing import Any

import keras
from keras import ops

from mmfusion.layers.modality_vectors import ModalityVectors


@keras.saving.register_keras_serializable("mmfusion")
class FeatureFusion(keras.layers.Layer):
    """Encodes each modality by itself, lays the codes side by side and learns how they interact.

    Args:
        units: int. Width D of each code and of the fused vector.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor of shape `(B, T, D_m)`.
        masks: dict with the same keys, bool tensors of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, D)`.

    Example:

    >>> features = {"audio": np.ones((2, 5, 8)), "video": np.ones((2, 5, 4))}
    >>> masks = {"audio": np.ones((2, 5), bool), "video": np.ones((2, 5), bool)}
    >>> mm.fusion.FeatureFusion(16)(features, masks).shape
    TensorShape([2, 16])

    Reference:
        [Ngiam et al., 2011](https://dl.acm.org/doi/10.5555/3104482.3104569)
    """

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units

    def build(
        self,
        features_shape: dict[str, tuple[int | None, ...]],
        masks_shape: dict[str, tuple[int | None, ...]],
    ) -> None:
        self.vectors = ModalityVectors(
            self.units, activation="relu", dtype=self.dtype_policy, name="vectors"
        )
        self.vectors.build(features_shape, masks_shape)
        self.joint = keras.layers.Dense(
            self.units, activation="relu", dtype=self.dtype_policy, name="joint"
        )
        self.joint.build((None, len(features_shape) * self.units))

    def call(
        self, features: dict[str, keras.KerasTensor], masks: dict[str, keras.KerasTensor]
    ) -> keras.KerasTensor:
        vectors, _ = self.vectors(features, masks)  # (B, M, D)
        return self.joint(ops.reshape(vectors, (-1, len(features) * self.units)))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units}

"""Gated fusion: each feature of each modality passes a gate that takes all modalities as input."""

from typing import Any

import keras
from keras import ops

from mmfusion.layers.modality_vectors import ModalityVectors


@keras.saving.register_keras_serializable("mmfusion")
class GatedFusion(keras.layers.Layer):
    """The gated multimodal unit: adds modalities up, each feature of each weighed by a gate.

    Each modality is pooled over its valid steps and projected to `units`; gates between 0 and 1,
    one for each feature of each modality, take all of them as input. An absent modality adds
    nothing.

    Args:
        units: int. Width D of the fused vector.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor of shape `(B, T, D_m)`.
        masks: dict with the same keys, bool tensors of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, D)`.

    Example:

    >>> features = {"audio": np.ones((2, 5, 8)), "video": np.ones((2, 5, 4))}
    >>> masks = {"audio": np.ones((2, 5), bool), "video": np.ones((2, 5), bool)}
    >>> mm.fusion.GatedFusion(16)(features, masks).shape
    TensorShape([2, 16])

    Reference:
        [Arevalo et al., 2017](https://arxiv.org/abs/1702.01992)
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
            self.units, activation="tanh", dtype=self.dtype_policy, name="vectors"
        )
        self.vectors.build(features_shape, masks_shape)
        modalities = len(features_shape)
        self.gate = keras.layers.Dense(
            modalities * self.units, activation="sigmoid", dtype=self.dtype_policy, name="gate"
        )
        self.gate.build((None, modalities * self.units))

    def call(
        self, features: dict[str, keras.KerasTensor], masks: dict[str, keras.KerasTensor]
    ) -> keras.KerasTensor:
        vectors, _ = self.vectors(features, masks)  # (B, M, D), an absent one 0
        gates = self.gate(ops.reshape(vectors, (-1, len(features) * self.units)))
        return ops.sum(ops.reshape(gates, ops.shape(vectors)) * vectors, axis=1)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units}

"""Gated fusion: a learned weighted sum of modalities."""

import keras
from keras import ops

from mmfusion.layers.modality_vectors import ModalityVectors
from mmfusion.ops.masks import masked_softmax


@keras.saving.register_keras_serializable("mmfusion")
class GatedFusion(keras.layers.Layer):
    """Weighs every modality of a clip by a learned gate and adds them up.

    Each modality is averaged over its valid steps, projected to `units`, and weighted by a softmax
    gate that sees all of them. The gate of an absent modality is 0.

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

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, features_shape, masks_shape):
        self.vectors = ModalityVectors(
            self.units, activation="tanh", dtype=self.dtype_policy, name="vectors"
        )
        self.vectors.build(features_shape, masks_shape)
        modalities = len(features_shape)
        self.gate = keras.layers.Dense(modalities, dtype=self.dtype_policy, name="gate")
        self.gate.build((None, modalities * self.units))

    def call(self, features, masks):
        vectors, present = self.vectors(features, masks)  # (B, M, D), (B, M)
        gate = self.gate(ops.reshape(vectors, (-1, len(features) * self.units)))
        return ops.einsum("bm,bmd->bd", masked_softmax(gate, present), vectors)

    def get_config(self):
        return {**super().get_config(), "units": self.units}

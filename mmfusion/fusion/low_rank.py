"""Low-rank fusion: the outer product of all modalities, at linear cost."""

from typing import Any

import keras
from keras import ops

from mmfusion.layers.modality_vectors import ModalityVectors


@keras.saving.register_keras_serializable("mmfusion")
class LowRankFusion(keras.layers.Layer):
    """Multiplies modalities factor by factor and adds up a few such products.

    The tensor that would weigh the outer product of all modalities is held as `rank` products of
    one factor for each modality. An absent modality is a factor of 1.

    Args:
        units: int. Width D of the fused vector.
        rank: int. Number R of products. Default 4.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor of shape `(B, T, D_m)`.
        masks: dict with the same keys, bool tensors of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, D)`.

    Example:

    >>> features = {"audio": np.ones((2, 5, 8)), "video": np.ones((2, 5, 4))}
    >>> masks = {"audio": np.ones((2, 5), bool), "video": np.ones((2, 5), bool)}
    >>> mm.fusion.LowRankFusion(16)(features, masks).shape
    TensorShape([2, 16])

    Reference:
        [Liu et al., 2018](https://arxiv.org/abs/1806.00064)
    """

    def __init__(self, units: int, *, rank: int = 4, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.rank = rank

    def build(
        self,
        features_shape: dict[str, tuple[int | None, ...]],
        masks_shape: dict[str, tuple[int | None, ...]],
    ) -> None:
        self.factors = ModalityVectors(
            self.rank * self.units, dtype=self.dtype_policy, name="factors"
        )
        self.factors.build(features_shape, masks_shape)
        self.weigh = keras.layers.Dense(1, use_bias=False, dtype=self.dtype_policy, name="weigh")
        self.weigh.build((None, self.units, self.rank))
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def call(
        self, features: dict[str, keras.KerasTensor], masks: dict[str, keras.KerasTensor]
    ) -> keras.KerasTensor:
        factors, _ = self.factors(features, masks)  # (B, M, D * R), an absent one 0
        products = ops.prod(1 + factors, axis=1)  # (B, D * R)
        products = ops.reshape(products, (-1, self.units, self.rank))
        return ops.squeeze(self.weigh(products), -1) + self.bias  # (B, D)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units, "rank": self.rank}

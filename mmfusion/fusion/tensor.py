"""Tensor fusion: the outer product of all modalities."""

from typing import Any

import keras
from keras import ops

from mmfusion.layers.modality_vectors import ModalityVectors

MAX_PRODUCT = 65_536


@keras.saving.register_keras_serializable("mmfusion")
class TensorFusion(keras.layers.Layer):
    """Multiplies every feature of every modality with every other, single ones and pairs included.

    Each modality becomes a short vector with a 1 before it; the outer product of them all holds
    each feature alone, each pair, and so on. It has `(width + 1) ** M` entries; beyond four
    modalities `LowRankFusion` does the same at a cost that grows with M only linearly.

    Args:
        units: int. Width D of the fused vector.
        width: int. Width of the vector of each modality. Default 8.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor of shape `(B, T, D_m)`.
        masks: dict with the same keys, bool tensors of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, D)`.

    Raises:
        ValueError: if the product would have more than 65 536 entries.

    Example:

    >>> features = {"audio": np.ones((2, 5, 8)), "video": np.ones((2, 5, 4))}
    >>> masks = {"audio": np.ones((2, 5), bool), "video": np.ones((2, 5), bool)}
    >>> mm.fusion.TensorFusion(16)(features, masks).shape
    TensorShape([2, 16])

    Reference:
        [Zadeh et al., 2017](https://arxiv.org/abs/1707.07250)
    """

    def __init__(self, units: int, *, width: int = 8, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.width = width

    def build(
        self,
        features_shape: dict[str, tuple[int | None, ...]],
        masks_shape: dict[str, tuple[int | None, ...]],
    ) -> None:
        self.product_size = (self.width + 1) ** len(features_shape)
        if self.product_size > MAX_PRODUCT:
            raise ValueError(
                f"`(width + 1) ** M` must be at most {MAX_PRODUCT}; `LowRankFusion` has no such "
                f"limit. Received: width={self.width}, M={len(features_shape)}"
            )
        self.vectors = ModalityVectors(
            self.width, activation="tanh", dtype=self.dtype_policy, name="vectors"
        )
        self.vectors.build(features_shape, masks_shape)
        self.joint = keras.layers.Dense(
            self.units, activation="relu", dtype=self.dtype_policy, name="joint"
        )
        self.joint.build((None, self.product_size))

    def call(
        self, features: dict[str, keras.KerasTensor], masks: dict[str, keras.KerasTensor]
    ) -> keras.KerasTensor:
        vectors, _ = self.vectors(features, masks)  # (B, M, width)
        vectors = ops.pad(vectors, ((0, 0), (0, 0), (1, 0)), constant_values=1)  # a 1 before each
        product = vectors[:, 0]  # (B, width + 1)
        for index in range(1, len(features)):
            product = product[:, :, None] * vectors[:, index][:, None]
            product = ops.reshape(product, (-1, (self.width + 1) ** (index + 1)))
        return self.joint(product)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units, "width": self.width}

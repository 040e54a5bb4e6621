"""One vector for each modality: the input of fusions that do not attend to single steps."""

from typing import Any

import keras
from keras import ops

from mmfusion.ops.masks import any_step, keep, masked_soft_max
from mmfusion.specs import scope_name


@keras.saving.register_keras_serializable("mmfusion")
class ModalityVectors(keras.layers.Layer):
    """Pools each modality over its valid steps and projects it to a common width.

    Pooling is `masked_soft_max`: a mean that leans to the strongest activations.

    Args:
        units: int. Common width D.
        activation: str. Activation of the projection. Default `None`.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor of shape `(B, T, D_m)`.
        masks: dict with the same keys, bool tensors of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, M, D)`, modalities in the order of their names, an absent one 0;
        and bool tensor of shape `(B, M)` that is True for those present.

    Example:

    >>> features = {"audio": np.ones((2, 5, 8)), "video": np.ones((2, 7, 4))}
    >>> masks = {"audio": np.ones((2, 5), bool), "video": np.zeros((2, 7), bool)}
    >>> vectors, present = mm.layers.ModalityVectors(16)(features, masks)
    >>> vectors.shape
    TensorShape([2, 2, 16])
    >>> present.numpy()
    array([[ True, False], [ True, False]])
    """

    def __init__(self, units: int, activation: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.activation = activation

    def build(
        self,
        features_shape: dict[str, tuple[int | None, ...]],
        masks_shape: dict[str, tuple[int | None, ...]],
    ) -> None:
        self.project = {}
        for name, shape in sorted(features_shape.items()):
            self.project[name] = keras.layers.Dense(
                self.units,
                activation=self.activation,
                dtype=self.dtype_policy,
                name=f"project_{scope_name(name)}",
            )
            self.project[name].build((shape[0], shape[2]))

    def call(
        self, features: dict[str, keras.KerasTensor], masks: dict[str, keras.KerasTensor]
    ) -> tuple[keras.KerasTensor, keras.KerasTensor]:
        names = sorted(features)
        present = ops.stack([any_step(masks[name]) for name in names], axis=1)  # (B, M)
        vectors = ops.stack(
            [self.project[name](masked_soft_max(features[name], masks[name])) for name in names],
            axis=1,
        )  # (B, M, D)
        return keep(vectors, present), present

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units, "activation": self.activation}

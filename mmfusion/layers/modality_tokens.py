"""Every step of every modality as a token of one width: where attention fusions begin."""

from typing import Any

import keras
from keras import ops

from mmfusion.ops.masks import keep
from mmfusion.ops.positions import sinusoidal
from mmfusion.specs import scope_name


@keras.saving.register_keras_serializable("mmfusion")
class ModalityTokens(keras.layers.Layer):
    """Projects the steps of each modality to a common width and adds positional encodings.

    Args:
        units: int. Common width D.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor of shape `(B, T_m, D_m)`.
        masks: dict with the same keys, bool tensors of shape `(B, T_m)`.

    Returns:
        Dict with the same keys, float tensors of shape `(B, T_m, D)`; 0 at absent steps.

    Example:

    >>> features = {"audio": np.ones((2, 5, 8)), "video": np.ones((2, 7, 4))}
    >>> masks = {"audio": np.ones((2, 5), bool), "video": np.ones((2, 7), bool)}
    >>> mm.layers.ModalityTokens(16)(features, masks)["video"].shape
    TensorShape([2, 7, 16])
    """

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units

    def build(
        self,
        features_shape: dict[str, tuple[int | None, ...]],
        masks_shape: dict[str, tuple[int | None, ...]],
    ) -> None:
        self.project = {}
        for name, shape in sorted(features_shape.items()):
            self.project[name] = keras.layers.Dense(
                self.units, dtype=self.dtype_policy, name=f"project_{scope_name(name)}"
            )
            self.project[name].build(shape)

    def call(
        self, features: dict[str, keras.KerasTensor], masks: dict[str, keras.KerasTensor]
    ) -> dict[str, keras.KerasTensor]:
        tokens = {}
        for name in sorted(features):
            steps = features[name].shape[1] or ops.shape(features[name])[1]
            places = sinusoidal(steps, self.units, self.compute_dtype)  # (T_m, D)
            projected = self.project[name](keep(features[name], masks[name]))
            tokens[name] = keep(projected + places, masks[name])  # (B, T_m, D)
        return tokens

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units}

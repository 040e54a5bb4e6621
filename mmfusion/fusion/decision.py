"""Decision-level fusion: every modality decides alone, and the decisions are averaged."""

from typing import Any

import keras
from keras import ops

from mmfusion.layers.modality_vectors import ModalityVectors
from mmfusion.ops.masks import masked_softmax


@keras.saving.register_keras_serializable("mmfusion")
class DecisionFusion(keras.layers.Layer):
    """Averages what the present modalities predict, each for itself.

    With `activation="softmax"` and one unit for each class the decisions are probabilities, and so
    is their average.

    Args:
        units: int. Width D of a decision, e.g. the number of classes.
        activation: str. Activation of the decisions. Default `None`.
        learned: bool. Whether modalities are weighed by learned numbers. Default `False`: all
            weigh the same.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor of shape `(B, T, D_m)`.
        masks: dict with the same keys, bool tensors of shape `(B, T)`.
        return_attention_scores: bool. Whether to return the weights too, `(B, M)` in the order of
            names.

    Returns:
        Float tensor of shape `(B, D)`.

    Example:

    >>> features = {"audio": np.ones((2, 5, 8)), "video": np.ones((2, 5, 4))}
    >>> masks = {"audio": np.ones((2, 5), bool), "video": np.ones((2, 5), bool)}
    >>> decision = mm.fusion.DecisionFusion(3, activation="softmax")(features, masks)
    >>> decision.numpy().sum(axis=1).round(5)
    array([1., 1.], dtype=float32)

    Reference:
        [Kittler et al., 1998](https://doi.org/10.1109/34.667881)
    """

    def __init__(
        self, units: int, *, activation: str | None = None, learned: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.activation = activation
        self.learned = learned

    def build(
        self,
        features_shape: dict[str, tuple[int | None, ...]],
        masks_shape: dict[str, tuple[int | None, ...]],
    ) -> None:
        self.decisions = ModalityVectors(
            self.units, activation=self.activation, dtype=self.dtype_policy, name="decisions"
        )
        self.decisions.build(features_shape, masks_shape)
        self.logits = self.add_weight(
            shape=(len(features_shape),),
            initializer="zeros",
            trainable=self.learned,
            name="logits",
        )

    def call(
        self,
        features: dict[str, keras.KerasTensor],
        masks: dict[str, keras.KerasTensor],
        return_attention_scores: bool = False,
    ) -> keras.KerasTensor | tuple[keras.KerasTensor, keras.KerasTensor]:
        decisions, present = self.decisions(features, masks)  # (B, M, D), (B, M)
        weights = masked_softmax(self.logits[None], present)  # (B, M)
        fused = ops.einsum("bm,bmd->bd", weights, decisions)
        return (fused, weights) if return_attention_scores else fused

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "activation": self.activation,
            "learned": self.learned,
        }

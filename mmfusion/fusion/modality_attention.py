"""Modality attention: a learned weight of each modality of a clip."""

from typing import Any

import keras
from keras import ops

from mmfusion.layers.modality_vectors import ModalityVectors
from mmfusion.ops.masks import masked_softmax


@keras.saving.register_keras_serializable("mmfusion")
class ModalityAttentionFusion(keras.layers.Layer):
    """Scores each modality by its own content and adds them up by the softmax of their scores.

    Unlike in `GatedFusion` the score of a modality does not depend on the others, so that a weight
    says what this modality offers. The weight of an absent one is 0.

    Args:
        units: int. Width D of the fused vector.
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
    >>> masks = {"audio": np.ones((2, 5), bool), "video": np.zeros((2, 5), bool)}
    >>> fusion = mm.fusion.ModalityAttentionFusion(16)
    >>> fusion(features, masks, return_attention_scores=True)[1].numpy()
    array([[1., 0.], [1., 0.]], dtype=float32)

    Reference:
        [Hori et al., 2017](https://arxiv.org/abs/1701.03126)
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
        # Without a bias: it would move all scores alike.
        self.score = keras.layers.Dense(1, use_bias=False, dtype=self.dtype_policy, name="score")
        self.score.build((None, None, self.units))

    def call(
        self,
        features: dict[str, keras.KerasTensor],
        masks: dict[str, keras.KerasTensor],
        return_attention_scores: bool = False,
    ) -> keras.KerasTensor | tuple[keras.KerasTensor, keras.KerasTensor]:
        vectors, present = self.vectors(features, masks)  # (B, M, D), (B, M)
        weights = masked_softmax(ops.squeeze(self.score(vectors), -1), present)  # (B, M)
        fused = ops.einsum("bm,bmd->bd", weights, vectors)
        return (fused, weights) if return_attention_scores else fused

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units}

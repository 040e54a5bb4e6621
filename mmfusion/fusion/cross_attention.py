"""Cross-attention: every modality attends to the steps of all the others."""

from typing import Any

import keras
from keras import ops

from mmfusion.layers.modality_tokens import ModalityTokens
from mmfusion.layers.sequence.transformer_block import TransformerBlock
from mmfusion.ops.masks import any_step, masked_mean
from mmfusion.specs import scope_name


@keras.saving.register_keras_serializable("mmfusion")
class CrossAttentionFusion(keras.layers.Layer):
    """Lets the steps of every modality gather from the steps of all the others.

    The steps of each modality, enriched, are averaged, and so are then the modalities that are
    present. Modalities may differ in steps. A modality that is alone attends to itself.

    Args:
        units: int. Width D of the tokens and of the fused vector.
        heads: int. Attention heads, a divisor of `units`. Default 4.
        dropout: float. Share of attention weights and of units dropped in training. Default 0.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor of shape `(B, T_m, D_m)`.
        masks: dict with the same keys, bool tensors of shape `(B, T_m)`.
        return_attention_scores: bool. Whether to return the scores too, a dict of modality name to
            `(B, heads, T_m, S)`: what its steps looked at in the others, laid end to end by name.

    Returns:
        Float tensor of shape `(B, D)`.

    Example:

    >>> features = {"audio": np.ones((2, 5, 8)), "video": np.ones((2, 7, 4))}
    >>> masks = {"audio": np.ones((2, 5), bool), "video": np.ones((2, 7), bool)}
    >>> mm.fusion.CrossAttentionFusion(16)(features, masks).shape
    TensorShape([2, 16])

    Reference:
        [Tsai et al., 2019](https://arxiv.org/abs/1906.00295),
        [Lu et al., 2019](https://arxiv.org/abs/1908.02265)
    """

    def __init__(self, units: int, *, heads: int = 4, dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.heads = heads
        self.dropout = dropout

    def build(
        self,
        features_shape: dict[str, tuple[int | None, ...]],
        masks_shape: dict[str, tuple[int | None, ...]],
    ) -> None:
        self.tokens = ModalityTokens(self.units, dtype=self.dtype_policy, name="tokens")
        self.tokens.build(features_shape, masks_shape)
        self.blocks = {}
        for name in sorted(features_shape):
            self.blocks[name] = TransformerBlock(
                self.heads, self.dropout, dtype=self.dtype_policy, name=f"block_{scope_name(name)}"
            )
            self.blocks[name].build((None, None, self.units), (None, None, self.units))

    def call(
        self,
        features: dict[str, keras.KerasTensor],
        masks: dict[str, keras.KerasTensor],
        return_attention_scores: bool = False,
    ) -> keras.KerasTensor | tuple[keras.KerasTensor, dict[str, keras.KerasTensor]]:
        tokens = self.tokens(features, masks)
        means, present, scores = [], [], {}
        for name in sorted(tokens):
            others = [other for other in sorted(tokens) if other != name] or [name]
            enriched = self.blocks[name](
                tokens[name],
                ops.concatenate([tokens[other] for other in others], axis=1),
                ops.concatenate([masks[other] for other in others], axis=1),
                return_attention_scores=return_attention_scores,
            )
            if return_attention_scores:
                enriched, scores[name] = enriched  # (B, T_m, D), (B, heads, T_m, S)
            means.append(masked_mean(enriched, masks[name]))
            present.append(any_step(masks[name]))
        fused = masked_mean(ops.stack(means, axis=1), ops.stack(present, axis=1))  # (B, D)
        return (fused, scores) if return_attention_scores else fused

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "heads": self.heads,
            "dropout": self.dropout,
        }

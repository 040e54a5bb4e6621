"""Self-attention: the steps of all modalities as one sequence, all attending to all."""

from typing import Any

import keras
from keras import ops

from mmfusion.layers.modality_tokens import ModalityTokens
from mmfusion.layers.sequence.transformer_block import TransformerBlock
from mmfusion.ops.masks import masked_mean


@keras.saving.register_keras_serializable("mmfusion")
class SelfAttentionFusion(keras.layers.Layer):
    """Lays the steps of all modalities end to end and encodes them by a transformer.

    Args:
        units: int. Width D of the tokens and of the fused vector.
        heads: int. Attention heads, a divisor of `units`. Default 4.
        blocks: int. Transformer blocks. Default 1.
        dropout: float. Share of attention weights and of units dropped in training. Default 0.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor of shape `(B, T_m, D_m)`.
        masks: dict with the same keys, bool tensors of shape `(B, T_m)`.
        return_attention_scores: bool. Whether to return the scores of the last block too,
            `(B, heads, S, S)`, S all steps of all modalities, laid end to end by name.

    Returns:
        Float tensor of shape `(B, D)`.

    Example:

    >>> features = {"audio": np.ones((2, 5, 8)), "video": np.ones((2, 7, 4))}
    >>> masks = {"audio": np.ones((2, 5), bool), "video": np.ones((2, 7), bool)}
    >>> mm.fusion.SelfAttentionFusion(16)(features, masks).shape
    TensorShape([2, 16])

    Reference:
        [Vaswani et al., 2017](https://arxiv.org/abs/1706.03762),
        [Kim et al., 2021](https://arxiv.org/abs/2102.03334)
    """

    def __init__(
        self, units: int, *, heads: int = 4, blocks: int = 1, dropout: float = 0.0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.heads = heads
        self.blocks = blocks
        self.dropout = dropout

    def build(
        self,
        features_shape: dict[str, tuple[int | None, ...]],
        masks_shape: dict[str, tuple[int | None, ...]],
    ) -> None:
        self.tokens = ModalityTokens(self.units, dtype=self.dtype_policy, name="tokens")
        self.tokens.build(features_shape, masks_shape)
        self.encoder = []
        for index in range(self.blocks):
            block = TransformerBlock(
                self.heads, self.dropout, dtype=self.dtype_policy, name=f"block_{index}"
            )
            block.build((None, None, self.units), (None, None, self.units))
            self.encoder.append(block)

    def call(
        self,
        features: dict[str, keras.KerasTensor],
        masks: dict[str, keras.KerasTensor],
        return_attention_scores: bool = False,
    ) -> keras.KerasTensor | tuple[keras.KerasTensor, keras.KerasTensor]:
        tokens = self.tokens(features, masks)
        sequence = ops.concatenate([tokens[name] for name in sorted(tokens)], axis=1)  # (B, S, D)
        mask = ops.concatenate([masks[name] for name in sorted(tokens)], axis=1)  # (B, S)
        for block in self.encoder:
            sequence = block(
                sequence, sequence, mask, return_attention_scores=return_attention_scores
            )
            if return_attention_scores:
                sequence, scores = sequence
        fused = masked_mean(sequence, mask)
        return (fused, scores) if return_attention_scores else fused

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "heads": self.heads,
            "blocks": self.blocks,
            "dropout": self.dropout,
        }

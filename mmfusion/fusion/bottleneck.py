"""Bottleneck fusion: modalities exchange only what passes through a few shared tokens."""

from typing import Any

import keras
from keras import ops

from mmfusion.layers.modality_tokens import ModalityTokens
from mmfusion.layers.sequence.transformer_block import TransformerBlock
from mmfusion.ops.masks import any_step, masked_mean
from mmfusion.specs import scope_name


@keras.saving.register_keras_serializable("mmfusion")
class BottleneckFusion(keras.layers.Layer):
    """Encodes each modality together with a few tokens that all of them share.

    In each block a modality attends to itself and to the shared tokens; the shared tokens are then
    averaged over the modalities that are present. Cost grows with the number of modalities only
    linearly. The steps of the modalities are averaged, and the modalities present are.

    Args:
        units: int. Width D of the tokens and of the fused vector.
        tokens: int. Shared tokens N. Default 4.
        heads: int. Attention heads, a divisor of `units`. Default 4.
        blocks: int. Transformer blocks, at least 2: what is exchanged in one is read in the next.
        dropout: float. Share of attention weights and of units dropped in training. Default 0.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor of shape `(B, T_m, D_m)`.
        masks: dict with the same keys, bool tensors of shape `(B, T_m)`.

    Returns:
        Float tensor of shape `(B, D)`.

    Raises:
        ValueError: if `blocks` is below 2.

    Example:

    >>> features = {"audio": np.ones((2, 5, 8)), "video": np.ones((2, 7, 4))}
    >>> masks = {"audio": np.ones((2, 5), bool), "video": np.ones((2, 7), bool)}
    >>> mm.fusion.BottleneckFusion(16)(features, masks).shape
    TensorShape([2, 16])

    Reference:
        [Nagrani et al., 2021](https://arxiv.org/abs/2107.00135)
    """

    def __init__(
        self,
        units: int,
        *,
        tokens: int = 4,
        heads: int = 4,
        blocks: int = 2,
        dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if blocks < 2:
            raise ValueError(f"`blocks` must be at least 2. Received: blocks={blocks}")
        self.units = units
        self.tokens = tokens
        self.heads = heads
        self.blocks = blocks
        self.dropout = dropout

    def build(
        self,
        features_shape: dict[str, tuple[int | None, ...]],
        masks_shape: dict[str, tuple[int | None, ...]],
    ) -> None:
        self.modality_tokens = ModalityTokens(
            self.units, dtype=self.dtype_policy, name="modality_tokens"
        )
        self.modality_tokens.build(features_shape, masks_shape)
        self.shared = self.add_weight(
            shape=(1, self.tokens, self.units), initializer="random_normal", name="shared"
        )
        self.encoders: dict[str, TransformerBlock] = {}  # flat: Keras misses lists in a dict
        for name in sorted(features_shape):
            for index in range(self.blocks):
                block = TransformerBlock(
                    self.heads,
                    self.dropout,
                    dtype=self.dtype_policy,
                    name=f"{scope_name(name)}_{index}",
                )
                block.build((None, None, self.units), (None, None, self.units))
                self.encoders[f"{name}_{index}"] = block

    def call(
        self, features: dict[str, keras.KerasTensor], masks: dict[str, keras.KerasTensor]
    ) -> keras.KerasTensor:
        sequences = self.modality_tokens(features, masks)
        names = sorted(sequences)
        present = ops.stack([any_step(masks[name]) for name in names], axis=1)  # (B, M)
        shared = ops.zeros_like(sequences[names[0]][:, :1]) + self.shared  # (B, N, D)
        always = ops.ones_like(shared[..., 0], dtype="bool")  # (B, N)
        for index in range(self.blocks):
            proposals = []
            for name in names:
                joint = ops.concatenate([shared, sequences[name]], axis=1)  # (B, N + T_m, D)
                mask = ops.concatenate([always, masks[name]], axis=1)
                joint = self.encoders[f"{name}_{index}"](joint, joint, mask)
                proposals.append(
                    ops.reshape(joint[:, : self.tokens], (-1, self.tokens * self.units))
                )
                sequences[name] = joint[:, self.tokens :]
            shared = masked_mean(ops.stack(proposals, axis=1), present)  # (B, N * D)
            shared = ops.reshape(shared, (-1, self.tokens, self.units))
        means = [masked_mean(sequences[name], masks[name]) for name in names]
        return masked_mean(ops.stack(means, axis=1), present)  # (B, D)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "tokens": self.tokens,
            "heads": self.heads,
            "blocks": self.blocks,
            "dropout": self.dropout,
        }

"""MulT: every modality translated into every other, pair by pair."""

from typing import Any

import keras
from keras import ops

from mmfusion.layers.modality_tokens import ModalityTokens
from mmfusion.layers.sequence.transformer_block import TransformerBlock
from mmfusion.ops.masks import any_step, keep, masked_mean
from mmfusion.specs import scope_name


@keras.saving.register_keras_serializable("mmfusion")
class MulTFusion(keras.layers.Layer):
    """The multimodal transformer: a cross-attention block for each ordered pair of modalities.

    Each modality attends to each other one; the result is encoded by self-attention,
    normalised and averaged over the steps, and all modalities are laid side by side and projected.
    Modalities may differ in steps. Cost grows with the square of the number of modalities.

    Args:
        units: int. Width D of the tokens and of the fused vector.
        heads: int. Attention heads, a divisor of `units`. Default 4.
        dropout: float. Share of attention weights and of units dropped in training. Default 0.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor of shape `(B, T_m, D_m)`.
        masks: dict with the same keys, bool tensors of shape `(B, T_m)`.
        return_attention_scores: bool. Whether to return the scores too, a dict of
            `"target<-source"` to `(B, heads, T_target, T_source)`.

    Returns:
        Float tensor of shape `(B, D)`.

    Example:

    >>> features = {"audio": np.ones((2, 5, 8)), "video": np.ones((2, 7, 4))}
    >>> masks = {"audio": np.ones((2, 5), bool), "video": np.ones((2, 7), bool)}
    >>> _, scores = mm.fusion.MulTFusion(16)(features, masks, return_attention_scores=True)
    >>> {pair: tuple(score.shape) for pair, score in scores.items()}
    {'audio<-video': (2, 4, 5, 7), 'video<-audio': (2, 4, 7, 5)}

    Reference:
        [Tsai et al., 2019](https://arxiv.org/abs/1906.00295)
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
        names = sorted(features_shape)
        self.tokens = ModalityTokens(self.units, dtype=self.dtype_policy, name="tokens")
        self.tokens.build(features_shape, masks_shape)
        self.translate = {
            f"{target}<-{source}": self._block(scope_name(f"{target}_from_{source}"), self.units)
            for target in names
            for source in names
            if source != target
        }
        width = max(1, len(names) - 1) * self.units
        self.encode = {name: self._block(f"encode_{scope_name(name)}", width) for name in names}
        self.norm = {name: self._norm(f"norm_{scope_name(name)}", width) for name in names}
        self.joint = keras.layers.Dense(self.units, dtype=self.dtype_policy, name="joint")
        self.joint.build((None, len(names) * width))

    def _block(self, name, width):
        block = TransformerBlock(self.heads, self.dropout, dtype=self.dtype_policy, name=name)
        block.build((None, None, width), (None, None, width))
        return block

    def _norm(self, name, width):
        norm = keras.layers.LayerNormalization(dtype=self.dtype_policy, name=name)
        norm.build((None, None, width))
        return norm

    def call(
        self,
        features: dict[str, keras.KerasTensor],
        masks: dict[str, keras.KerasTensor],
        return_attention_scores: bool = False,
    ) -> keras.KerasTensor | tuple[keras.KerasTensor, dict[str, keras.KerasTensor]]:
        tokens = self.tokens(features, masks)
        means, scores = [], {}
        for target in sorted(tokens):
            seen = []
            for source in sorted(set(tokens) - {target}):
                pair = f"{target}<-{source}"
                translated = self.translate[pair](
                    tokens[target],
                    tokens[source],
                    masks[source],
                    return_attention_scores=return_attention_scores,
                )  # (B, T_target, D)
                if return_attention_scores:
                    translated, scores[pair] = translated
                seen.append(keep(translated, any_step(masks[source])))
            seen = ops.concatenate(seen or [tokens[target]], axis=-1)  # (B, T, (M - 1) * D)
            encoded = self.encode[target](seen, seen, masks[target])
            means.append(masked_mean(self.norm[target](encoded), masks[target]))
        fused = self.joint(ops.concatenate(means, axis=-1))  # (B, D)
        return (fused, scores) if return_attention_scores else fused

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "heads": self.heads,
            "dropout": self.dropout,
        }

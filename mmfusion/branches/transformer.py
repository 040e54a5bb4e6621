"""A transformer encoder over the steps of a clip."""

import keras

from mmfusion.layers.modality_tokens import ModalityTokens
from mmfusion.layers.sequence.per_step import PerStep
from mmfusion.layers.sequence.transformer_block import TransformerBlock
from mmfusion.specs import scope_name


def transformer(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    heads: int = 4,
    blocks: int = 2,
    dropout: float = 0.0,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Every step attends to all valid steps.

    Args:
        inputs: named `keras.Input` of shape `(B, T, D_m)`.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        heads: int. Attention heads, a divisor of `units`. Default 4.
        blocks: int. Transformer blocks. Default 2.
        dropout: float. Share of attention weights and of units dropped in training. Default 0.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> sensor, mask = keras.Input((64, 6), name="inertial"), keras.Input((64,), dtype="bool")
    >>> features, _ = mm.branches.transformer(sensor, mask, units=32)
    >>> features.shape
    (None, 64, 32)

    Reference:
        [Vaswani et al., 2017](https://arxiv.org/abs/1706.03762)
    """
    name = scope_name(inputs.name)
    tokens = ModalityTokens(units, name=f"{name}_tokens")({name: inputs}, {name: mask})[name]
    for index in range(blocks):
        block = TransformerBlock(heads, dropout, name=f"{name}_transformer_{index}")
        tokens = block(tokens, tokens, mask)  # (B, T, D)
    norm = keras.layers.LayerNormalization(name=f"{name}_norm")
    return PerStep(norm, name=f"{name}_transformer")(tokens, mask), mask

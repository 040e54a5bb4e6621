"""A transformer block over patches and steps: attention in time, then in space."""

from typing import Any

import keras
from keras import ops

from mmfusion.layers.sequence.transformer_block import TransformerBlock
from mmfusion.ops.masks import keep


@keras.saving.register_keras_serializable("mmfusion")
class DividedBlock(keras.layers.Layer):
    """Lets each patch attend to its own place in all present steps, and then to its own step.

    Args:
        heads: int. Attention heads, a divisor of the width D. Default 4.
        dropout: float. Share of attention weights and of units dropped in training. Default 0.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        inputs: float tensor of shape `(B, T, P, D)`, P patches of each step.
        mask: bool tensor of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, T, P, D)`; 0 at absent steps.

    Example:

    >>> mm.layers.DividedBlock()(np.ones((2, 3, 4, 8)), np.ones((2, 3), bool)).shape
    TensorShape([2, 3, 4, 8])

    Reference:
        [Bertasius et al., 2021](https://arxiv.org/abs/2102.05095)
    """

    def __init__(self, heads: int = 4, dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.heads = heads
        self.dropout = dropout

    def build(self, inputs_shape: tuple[int | None, ...]) -> None:
        for name in ("time", "space"):
            block = TransformerBlock(self.heads, self.dropout, dtype=self.dtype_policy, name=name)
            block.build((None, None, inputs_shape[-1]), (None, None, inputs_shape[-1]))
            setattr(self, name, block)

    def call(self, inputs: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        patches, width = inputs.shape[2:]
        steps = inputs.shape[1] or ops.shape(inputs)[1]
        along = ops.transpose(keep(inputs, mask), (0, 2, 1, 3))  # (B, P, T, D)
        along = ops.reshape(along, (-1, steps, width))
        along = self.time(along, along, ops.repeat(mask, patches, axis=0))
        about = ops.transpose(ops.reshape(along, (-1, patches, steps, width)), (0, 2, 1, 3))
        about = ops.reshape(keep(about, mask), (-1, patches, width))  # (B * T, P, D)
        there = ops.repeat(ops.reshape(mask, (-1, 1)), patches, axis=1)  # (B * T, P)
        about = self.space(about, about, there)
        return keep(ops.reshape(about, (-1, steps, patches, width)), mask)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "heads": self.heads, "dropout": self.dropout}

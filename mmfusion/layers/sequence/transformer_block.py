"""Attention from one sequence to another, then a small network at each step."""

from typing import Any

import keras

from mmfusion.ops.masks import any_step, keep


@keras.saving.register_keras_serializable("mmfusion")
class TransformerBlock(keras.layers.Layer):
    """Lets every step of a sequence gather from the valid steps of a context.

    Called with a sequence as its own context it is a block of an encoder. Where nothing of the
    context is valid, attention adds nothing: alone, Keras's attention would then average what is
    masked.

    Args:
        heads: int. Attention heads, a divisor of the width D. Default 4.
        dropout: float. Share of attention weights and of units dropped in training. Default 0.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        inputs: float tensor of shape `(B, T, D)`.
        context: float tensor of shape `(B, S, D)`.
        mask: bool tensor of shape `(B, S)`, the valid steps of the context.
        return_attention_scores: bool. Whether to return the scores `(B, heads, T, S)` too.

    Returns:
        Float tensor of shape `(B, T, D)`.

    Raises:
        ValueError: if `heads` does not divide D.

    Example:

    >>> inputs, context = np.ones((2, 5, 8)), np.ones((2, 3, 8))
    >>> mm.layers.TransformerBlock()(inputs, context, np.ones((2, 3), bool)).shape
    TensorShape([2, 5, 8])

    Reference:
        [Vaswani et al., 2017](https://arxiv.org/abs/1706.03762),
        [Xiong et al., 2020](https://arxiv.org/abs/2002.04745)
    """

    def __init__(self, heads: int = 4, dropout: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.heads = heads
        self.dropout = dropout

    def build(
        self, inputs_shape: tuple[int | None, ...], context_shape: tuple[int | None, ...]
    ) -> None:
        width = inputs_shape[-1]
        if width is None or width % self.heads:
            raise ValueError(
                "`heads` must divide the width of the inputs. "
                f"Received: heads={self.heads}, width={width}"
            )
        policy = {"dtype": self.dtype_policy}
        self.norm_inputs = keras.layers.LayerNormalization(**policy, name="norm_inputs")
        self.norm_context = keras.layers.LayerNormalization(**policy, name="norm_context")
        self.norm = keras.layers.LayerNormalization(**policy, name="norm")
        self.attention = keras.layers.MultiHeadAttention(
            self.heads,
            width // self.heads,
            dropout=self.dropout,
            use_bias=False,
            **policy,
            name="attention",
        )
        self.widen = keras.layers.Dense(2 * width, activation="gelu", **policy, name="widen")
        self.narrow = keras.layers.Dense(width, **policy, name="narrow")
        self.drop = keras.layers.Dropout(self.dropout, **policy, name="drop")
        for layer in (self.norm_inputs, self.norm, self.widen):
            layer.build(inputs_shape)
        self.norm_context.build(context_shape)
        self.attention.build(inputs_shape, context_shape)
        self.narrow.build((*inputs_shape[:-1], 2 * width))

    def call(
        self,
        inputs: keras.KerasTensor,
        context: keras.KerasTensor,
        mask: keras.KerasTensor,
        return_attention_scores: bool = False,
    ) -> keras.KerasTensor | tuple[keras.KerasTensor, keras.KerasTensor]:
        gathered = self.attention(
            self.norm_inputs(inputs),
            self.norm_context(keep(context, mask)),
            attention_mask=mask[:, None],
            return_attention_scores=return_attention_scores,
        )
        if return_attention_scores:
            gathered, scores = gathered  # (B, T, D), (B, heads, T, S)
        outputs = inputs + self.drop(keep(gathered, any_step(mask)))
        outputs = outputs + self.drop(self.narrow(self.widen(self.norm(outputs))))
        return (outputs, scores) if return_attention_scores else outputs

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "heads": self.heads, "dropout": self.dropout}

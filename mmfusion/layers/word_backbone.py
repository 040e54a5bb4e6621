"""The mean state that a transformer of words gives to the words of a text."""

import keras
from keras import ops

from mmfusion.ops.masks import masked_mean


@keras.saving.register_keras_serializable("mmfusion")
class WordBackbone(keras.layers.Wrapper):
    """Asks a backbone, as those of keras-hub, for the states of words and averages them.

    Args:
        layer: `keras.Model` of a dict of `token_ids`, `padding_mask` and where it has them
            `segment_ids` to states `(N, L, D)` or a dict with `sequence_output`.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        inputs: int tensor of token ids, shape `(N, L)`, 0 for padding.

    Returns:
        Float tensor of shape `(N, D)`; 0 where there are no words.
    """

    def build(self, inputs_shape):
        self.built = True  # a model is built as it comes

    def call(self, inputs):
        ids = ops.cast(inputs, "int32")
        there = ops.not_equal(ids, 0)  # (N, L)
        asked = {"token_ids": ids, "padding_mask": ops.cast(there, "int32")}
        if "segment_ids" in self.layer.input:
            asked["segment_ids"] = ops.zeros_like(ids)
        states = self.layer(asked)
        if isinstance(states, dict):
            states = states["sequence_output"]  # (N, L, D)
        return masked_mean(ops.cast(states, self.compute_dtype), there)

    def compute_output_shape(self, inputs_shape):
        states = self.layer.output
        states = states["sequence_output"] if isinstance(states, dict) else states
        return (inputs_shape[0], states.shape[-1])

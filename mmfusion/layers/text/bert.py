"""BERT inside the graph: texts to subword tokens, and these to vectors."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import keras
import tensorflow as tf
from keras import ops

from mmfusion.ops.masks import masked_mean


def import_keras_hub() -> ModuleType:
    """keras-hub, or an `ImportError` that names the command that installs it."""
    try:
        import keras_hub
    except ImportError as error:
        raise ImportError("BERT needs a package: pip install 'mmfusion[bert]'") from error
    return keras_hub


@keras.saving.register_keras_serializable("mmfusion")
class WordPieceTokenizer(keras.layers.Layer):
    """Splits the text of each step into subword tokens (WordPiece), between `[CLS]` and `[SEP]`.

    Args:
        tokeniser: `keras_hub.tokenizers.BertTokenizer` whose padding is 0.
        tokens: int. Subword tokens of a text at most, `[CLS]` and `[SEP]` included.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        texts: string tensor `(B, T)`.
        mask: bool tensor `(B, T)`.

    Returns:
        int32 tensor `(B, T, L)`, L being the tokens of the longest text of the batch, 0 behind the
        end of a text and where the mask is False.

    Reference:
        [Devlin et al., 2019](https://arxiv.org/abs/1810.04805)
    """

    def __init__(self, tokeniser: Any, *, tokens: int = 64, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tokeniser = tokeniser
        self.tokens = tokens

    def build(self, texts_shape: tuple[int | None, ...]) -> None:
        self.built = True  # the vocabulary is there

    def call(self, texts: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        pieces = self._cut(tf.convert_to_tensor(texts), tf.convert_to_tensor(mask))
        return tf.ensure_shape(pieces, (*texts.shape, None))

    @tf.function(reduce_retracing=True)  # out of a graph keras-hub returns lists, not tensors
    def _cut(self, texts, mask):
        ids = self.tokeniser.tokenize(tf.boolean_mask(texts, mask))[:, : self.tokens - 2]
        ends = (self.tokeniser.cls_token_id, self.tokeniser.sep_token_id)
        first, last = (tf.fill((ids.nrows(), 1), end) for end in ends)
        pieces = tf.concat([first, ids, last], axis=1).to_tensor()  # (N, L)
        shape = tf.concat([tf.shape(mask), tf.shape(pieces)[1:]], axis=0)
        return tf.scatter_nd(tf.where(mask), pieces, tf.cast(shape, tf.int64))

    def compute_output_spec(
        self, texts: keras.KerasTensor, mask: keras.KerasTensor
    ) -> keras.KerasTensor:
        return keras.KerasTensor((*texts.shape, None), dtype="int32")

    def get_config(self) -> dict[str, Any]:
        tokeniser = keras.saving.serialize_keras_object(self.tokeniser)
        return {**super().get_config(), "tokeniser": tokeniser, "tokens": self.tokens}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> WordPieceTokenizer:
        import_keras_hub()
        tokeniser = keras.saving.deserialize_keras_object(config["tokeniser"])
        return super().from_config({**config, "tokeniser": tokeniser})


BATCH = 32  # sentences read at once, all about as long


@keras.saving.register_keras_serializable("mmfusion")
class SentenceVectors(keras.layers.Wrapper):
    """Turns the subword tokens of each step into a vector: the mean of their states in BERT.

    Absent steps are never read. Where nothing is learned, sentences are read a few at a time, the
    shortest first, so that little is padding.

    Args:
        layer: `keras_hub.models.BertBackbone`.
        **kwargs: Standard layer keyword arguments. With `trainable=False` the backbone is frozen.

    Call arguments:
        pieces: int tensor of ids `(B, T, L)`, 0 for padding, as `WordPieceTokenizer` returns them.
        mask: bool tensor `(B, T)`.
        training: bool. Whether what is dropped in training is dropped.

    Returns:
        float32 tensor `(B, T, D)`, vectors of length 1, and 0 where the mask is False.

    Reference:
        [Reimers and Gurevych, 2019](https://arxiv.org/abs/1908.10084)
    """

    def __init__(self, layer: keras.layers.Layer, **kwargs: Any) -> None:
        super().__init__(layer, **kwargs)
        layer.get_layer("pooled_dense").trainable = False  # nobody reads it
        self.supports_jit = False  # XLA knows no gathering of what is present

    def build(self, pieces_shape: tuple[int | None, ...]) -> None:
        self.built = True  # a model is built as it comes

    def call(
        self, pieces: keras.KerasTensor, mask: keras.KerasTensor, training: bool = False
    ) -> keras.KerasTensor:
        read = self._learn if training and self.trainable else self._read
        return tf.ensure_shape(read(pieces, mask), (*mask.shape, self._units))

    def _learn(self, pieces, mask):
        """All sentences at once, and an empty one: BERT reads at least one."""
        present = tf.pad(tf.boolean_mask(pieces, mask), [[0, 1], [0, 2]])  # (N + 1, L + 2)
        vectors = self._vectors(present, training=True)[:-1]  # (N, D)
        return tf.scatter_nd(tf.where(mask), vectors, tf.cast(self._shape(mask), tf.int64))

    @tf.function(reduce_retracing=True)
    def _read(self, pieces, mask):
        """Sentences about as long together, the shortest first."""
        present = tf.boolean_mask(pieces, mask)  # (N, L)
        order = tf.argsort(_lengths(present), stable=True)
        places = tf.gather(tf.where(mask), order)  # (N, 2)

        def read(at, vectors):
            here = slice(at, at + BATCH)
            found = self._vectors(tf.gather(present, order[here]))
            return at + BATCH, tf.tensor_scatter_nd_update(vectors, places[here], found)

        count = tf.size(order)
        _, vectors = tf.while_loop(
            lambda at, _: at < count, read, (0, tf.zeros(self._shape(mask))), parallel_iterations=1
        )
        return vectors

    @property
    def _units(self):
        return self.layer.output["sequence_output"].shape[-1]

    def _shape(self, mask):
        return tf.concat([tf.shape(mask), [self._units]], axis=0)  # (B, T, D)

    def _vectors(self, pieces, training=False):
        longest = tf.maximum(tf.reduce_max(_lengths(pieces)), 2)  # both ends
        ids = pieces[:, :longest]  # (N, L)
        there = ids > 0
        inputs = {"token_ids": ids, "padding_mask": there, "segment_ids": tf.zeros_like(ids)}
        states = self.layer(inputs, training=training)["sequence_output"]  # (N, L, D)
        return tf.math.l2_normalize(masked_mean(tf.cast(states, tf.float32), there), axis=-1)

    def compute_output_spec(
        self, pieces: keras.KerasTensor, mask: keras.KerasTensor, training: bool = False
    ) -> keras.KerasTensor:
        return keras.KerasTensor((*mask.shape, self._units), dtype="float32")

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> SentenceVectors:
        import_keras_hub()
        return super().from_config(config)


def _lengths(pieces):
    return tf.reduce_sum(tf.cast(pieces > 0, tf.int32), axis=-1)  # (N,)


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

    def build(self, inputs_shape: tuple[int | None, ...]) -> None:
        self.built = True  # a model is built as it comes

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        ids = ops.cast(inputs, "int32")
        there = ops.not_equal(ids, 0)  # (N, L)
        inputs = {"token_ids": ids, "padding_mask": ops.cast(there, "int32")}
        if "segment_ids" in self.layer.input:
            inputs["segment_ids"] = ops.zeros_like(ids)
        states = self.layer(inputs)
        if isinstance(states, dict):
            states = states["sequence_output"]  # (N, L, D)
        return masked_mean(ops.cast(states, self.compute_dtype), there)

    def compute_output_shape(self, inputs_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        states = self.layer.output
        states = states["sequence_output"] if isinstance(states, dict) else states
        return (inputs_shape[0], states.shape[-1])

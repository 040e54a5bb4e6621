"""Sentences to vectors by a BERT, inside the graph."""

import keras
import tensorflow as tf

from mmfusion.layers.word_pieces import import_keras_hub
from mmfusion.ops.masks import masked_mean

BATCH = 32  # sentences read at once, all about as long


@keras.saving.register_keras_serializable("mmfusion")
class SentenceVectors(keras.layers.Wrapper):
    """Turns the word pieces of each step into a vector: the mean of what BERT makes of them.

    Absent steps are never read. Where nothing is learned, sentences are read a few at a time, the
    shortest first, so that little is padding.

    Args:
        layer: `keras_hub.models.BertBackbone`.
        **kwargs: Standard layer keyword arguments. With `trainable=False` the backbone is frozen.

    Call arguments:
        pieces: int tensor of ids `(B, T, L)`, 0 for padding, as `WordPieces` gives them.
        mask: bool tensor `(B, T)`.
        training: bool. Whether what is dropped in training is dropped.

    Returns:
        float32 tensor `(B, T, D)`, vectors of length 1, and 0 where the mask is False.

    Reference:
        [Reimers and Gurevych, 2019](https://arxiv.org/abs/1908.10084)
    """

    def __init__(self, layer, **kwargs):
        super().__init__(layer, **kwargs)
        layer.get_layer("pooled_dense").trainable = False  # nobody reads it
        self.supports_jit = False  # XLA knows no gathering of what is present

    def build(self, pieces_shape):
        self.built = True  # a model is built as it comes

    def call(self, pieces, mask, training=False):
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
        asked = {"token_ids": ids, "padding_mask": there, "segment_ids": tf.zeros_like(ids)}
        states = self.layer(asked, training=training)["sequence_output"]  # (N, L, D)
        return tf.math.l2_normalize(masked_mean(tf.cast(states, tf.float32), there), axis=-1)

    def compute_output_spec(self, pieces, mask, training=False):
        return keras.KerasTensor((*mask.shape, self._units), dtype="float32")

    @classmethod
    def from_config(cls, config):
        import_keras_hub()
        return super().from_config(config)


def _lengths(pieces):
    return tf.reduce_sum(tf.cast(pieces > 0, tf.int32), axis=-1)  # (N,)

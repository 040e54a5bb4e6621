"""Sentences to vectors by a frozen BERT, inside the graph."""

import keras
import tensorflow as tf

from mmfusion.ops.masks import masked_mean

BATCH = 32  # sentences read at once, all about as long


def import_keras_hub():
    """The package that knows BERT, or an `ImportError` that says how to get it."""
    try:
        import keras_hub
    except ImportError as error:
        raise ImportError("BERT needs a package: pip install 'mmfusion[bert]'") from error
    return keras_hub


@keras.saving.register_keras_serializable("mmfusion")
class SentenceVectors(keras.layers.Wrapper):
    """Turns the text of each step into a vector: the mean of what BERT makes of its word pieces.

    Absent steps are never read. Sentences are read the shortest first, so that little is padding.

    Args:
        layer: `keras_hub.models.BertBackbone`. It is not trained.
        tokeniser: `keras_hub.tokenizers.BertTokenizer`.
        tokens: int. Pieces of words that are read of a text at most.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        texts: string tensor `(B, T)`.
        mask: bool tensor `(B, T)`.

    Returns:
        float32 tensor `(B, T, D)`, vectors of length 1, and 0 where the mask is False.

    Reference:
        [Reimers and Gurevych, 2019](https://arxiv.org/abs/1908.10084)
    """

    def __init__(self, layer, tokeniser, *, tokens=64, **kwargs):
        super().__init__(layer, **kwargs)
        self.tokeniser = tokeniser
        self.tokens = tokens
        self.trainable = False

    def build(self, texts_shape):
        self.built = True  # a model is built as it comes

    def call(self, texts, mask):
        vectors = self._read(tf.convert_to_tensor(texts), tf.convert_to_tensor(mask))
        return tf.ensure_shape(vectors, (*texts.shape, self._units))

    @tf.function(reduce_retracing=True)  # out of a graph keras-hub gives lists, not tensors
    def _read(self, texts, mask):
        pieces = self._pieces(tf.boolean_mask(texts, mask))
        order = tf.argsort(pieces.row_lengths(), stable=True)
        places = tf.gather(tf.where(mask), order)  # (N, 2)

        def read(at, vectors):
            here = slice(at, at + BATCH)
            found = self._vectors(tf.gather(pieces, order[here]))
            return at + BATCH, tf.tensor_scatter_nd_update(vectors, places[here], found)

        nothing = tf.zeros(tf.concat([tf.shape(mask), [self._units]], axis=0))  # (B, T, D)
        count = tf.size(order)
        _, vectors = tf.while_loop(
            lambda at, _: at < count, read, (0, nothing), parallel_iterations=1
        )
        return vectors

    @property
    def _units(self):
        return self.layer.output["sequence_output"].shape[-1]

    def _pieces(self, texts):
        """Ids of word pieces between those of the beginning and the end, ragged `(N, L)`."""
        ids = self.tokeniser.tokenize(texts)[:, : self.tokens - 2]
        ends = (self.tokeniser.cls_token_id, self.tokeniser.sep_token_id)
        first, last = (tf.fill((tf.size(texts), 1), end) for end in ends)
        return tf.concat([first, ids, last], axis=1)

    def _vectors(self, pieces):
        ids = pieces.to_tensor(self.tokeniser.pad_token_id)  # (N, L)
        there = tf.sequence_mask(pieces.row_lengths())
        asked = {"token_ids": ids, "padding_mask": there, "segment_ids": tf.zeros_like(ids)}
        states = self.layer(asked, training=False)["sequence_output"]  # (N, L, D)
        return tf.math.l2_normalize(masked_mean(tf.cast(states, tf.float32), there), axis=-1)

    def compute_output_spec(self, texts, mask):
        return keras.KerasTensor((*texts.shape, self._units), dtype="float32")

    def get_config(self):
        tokeniser = keras.saving.serialize_keras_object(self.tokeniser)
        return {**super().get_config(), "tokeniser": tokeniser, "tokens": self.tokens}

    @classmethod
    def from_config(cls, config):
        import_keras_hub()
        tokeniser = keras.saving.deserialize_keras_object(config["tokeniser"])
        return super().from_config({**config, "tokeniser": tokeniser})

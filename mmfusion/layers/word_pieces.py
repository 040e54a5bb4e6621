"""Texts to the ids of their word pieces, inside the graph."""

import keras
import tensorflow as tf


def import_keras_hub():
    """The package that knows BERT, or an `ImportError` that says how to get it."""
    try:
        import keras_hub
    except ImportError as error:
        raise ImportError("BERT needs a package: pip install 'mmfusion[bert]'") from error
    return keras_hub


@keras.saving.register_keras_serializable("mmfusion")
class WordPieces(keras.layers.Layer):
    """Cuts the text of each step into pieces of words, between those of a beginning and an end.

    Args:
        tokeniser: `keras_hub.tokenizers.BertTokenizer` whose padding is 0.
        tokens: int. Pieces of a text at most, both ends among them.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        texts: string tensor `(B, T)`.
        mask: bool tensor `(B, T)`.

    Returns:
        int32 tensor `(B, T, L)`, L being the pieces of the longest text of the batch, 0 behind the
        end of a text and where the mask is False.

    Reference:
        [Devlin et al., 2019](https://arxiv.org/abs/1810.04805)
    """

    def __init__(self, tokeniser, *, tokens=64, **kwargs):
        super().__init__(**kwargs)
        self.tokeniser = tokeniser
        self.tokens = tokens

    def build(self, texts_shape):
        self.built = True  # the vocabulary is there

    def call(self, texts, mask):
        pieces = self._cut(tf.convert_to_tensor(texts), tf.convert_to_tensor(mask))
        return tf.ensure_shape(pieces, (*texts.shape, None))

    @tf.function(reduce_retracing=True)  # out of a graph keras-hub gives lists, not tensors
    def _cut(self, texts, mask):
        ids = self.tokeniser.tokenize(tf.boolean_mask(texts, mask))[:, : self.tokens - 2]
        ends = (self.tokeniser.cls_token_id, self.tokeniser.sep_token_id)
        first, last = (tf.fill((ids.nrows(), 1), end) for end in ends)
        pieces = tf.concat([first, ids, last], axis=1).to_tensor()  # (N, L)
        shape = tf.concat([tf.shape(mask), tf.shape(pieces)[1:]], axis=0)
        return tf.scatter_nd(tf.where(mask), pieces, tf.cast(shape, tf.int64))

    def compute_output_spec(self, texts, mask):
        return keras.KerasTensor((*texts.shape, None), dtype="int32")

    def get_config(self):
        tokeniser = keras.saving.serialize_keras_object(self.tokeniser)
        return {**super().get_config(), "tokeniser": tokeniser, "tokens": self.tokens}

    @classmethod
    def from_config(cls, config):
        import_keras_hub()
        tokeniser = keras.saving.deserialize_keras_object(config["tokeniser"])
        return super().from_config({**config, "tokeniser": tokeniser})

"""Words to token ids inside the graph: English by space, Chinese by character."""

from typing import Any

import keras
import tensorflow as tf

PADDING, UNKNOWN = 0, 1
FIRST_WORD = 2


def split_words(texts: keras.KerasTensor) -> keras.KerasTensor:
    """Splits texts into lower-case words, and Chinese ones into characters.

    Punctuation separates and is dropped, but for exclamation and question marks, which are words of
    their own: they carry moods. An apostrophe within a word stays. Bytes that are not UTF-8 are
    dropped.

    Args:
        texts: string tensor `(N,)`.

    Returns:
        Ragged string tensor `(N, words)`.

    Example:

    >>> split_words(["Don't PANIC!", "火灾 now"]).to_list()
    [[b"don't", b'panic', b'!'], [b'\\xe7\\x81\\xab', b'\\xe7\\x81\\xbe', b'now']]
    """
    texts = tf.strings.unicode_transcode(texts, "UTF-8", "UTF-8", errors="ignore")
    texts = tf.strings.lower(texts, encoding="utf-8")
    texts = tf.strings.regex_replace(texts, "\u2019", "'")
    texts = tf.strings.regex_replace(texts, "\uff01", "!")
    texts = tf.strings.regex_replace(texts, "\uff1f", "?")
    texts = tf.strings.regex_replace(texts, r"[^\p{L}\p{M}\p{N}'!?]+", " ")
    texts = tf.strings.regex_replace(texts, r"(\p{Han}|[!?])", r" \1 ")
    texts = tf.strings.regex_replace(texts, r"(^|\s)'+|'+(\s|$)", " ")
    return tf.strings.split(texts)


@keras.saving.register_keras_serializable("mmfusion")
class Tokens(keras.layers.Layer):
    """Turns the words of each step into ids: 0 padding, 1 unknown, then the vocabulary in order.

    Args:
        vocabulary: list of str. Lower-case words and characters, as `split_words` returns them.
        length: int. Ids L of a step; words beyond are cut.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        texts: string tensor `(B, T)`.
        mask: bool tensor `(B, T)`.

    Returns:
        int32 tensor `(B, T, L)`, zeros where the mask is False.

    Example:

    >>> Tokens(["fire"], 3)(np.array([["Fire, fire;", "help"]]), np.ones((1, 2), bool)).numpy()
    array([[[2, 2, 0], [1, 0, 0]]], dtype=int32)
    """

    def __init__(self, vocabulary: list[str], length: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vocabulary = list(vocabulary)
        self.length = length
        self.lookup = keras.layers.StringLookup(
            vocabulary=self.vocabulary or ["\0"], num_oov_indices=1, name="lookup"
        )

    def build(self, texts_shape: tuple[int | None, ...]) -> None:
        self.lookup.build(texts_shape)

    def call(self, texts: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        steps = texts.shape[1] or tf.shape(texts)[1]
        present = tf.where(mask, texts, "")
        words = split_words(tf.reshape(present, [-1])).to_tensor("", shape=(None, self.length))
        ids = tf.cast(self.lookup(words), tf.int32) + FIRST_WORD - 1
        ids = tf.where(words == "", PADDING, ids)
        return tf.reshape(ids, (-1, steps, self.length))

    def compute_output_spec(
        self, texts: keras.KerasTensor, mask: keras.KerasTensor
    ) -> keras.KerasTensor:
        return keras.KerasTensor((*texts.shape, self.length), dtype="int32")

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "vocabulary": self.vocabulary, "length": self.length}

"""Words read in their order within each step, then by an LSTM over the steps."""

from typing import Any

import keras
import numpy as np
from keras import ops

from mmfusion.branches.recurrent import lstm
from mmfusion.layers.sequence.per_step import PerStep
from mmfusion.ops.masks import keep, masked_max, masked_mean
from mmfusion.specs import scope_name


def word_lstm(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    vocabulary_size: int,
    units: int = 64,
    dropout: float = 0.0,
    embeddings: np.ndarray | None = None,
    sentences: keras.KerasTensor | None = None,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """The text branch: word vectors, convolution over the words of a step, LSTM over the steps.

    Words without times all stand in step 0; the convolution keeps their order there. Vectors of
    whole sentences may be read beside the words. The output of the LSTM is added to its input.

    Args:
        inputs: named `keras.Input`, int token ids of shape `(B, T, L)`, 0 for padding.
        mask: bool tensor of shape `(B, T)`.
        vocabulary_size: int. Number V of token ids.
        units: int. Width D of the features. Default 64.
        dropout: float. Share of the features of a step dropped in training. Default 0.
        embeddings: array of shape `(V, E)`, word vectors to start from, e.g. of Word2Vec or GloVe;
            by default random ones of the width D.
        sentences: tensor of shape `(B, T, D_s)`, a vector of the whole text of a step, e.g. of
            `SentenceVectors`, or `None`.

    Returns:
        Features `(B, T, D)` and the mask.

    Raises:
        ValueError: if `embeddings` is not of shape `(vocabulary_size, E)`.

    Example:

    >>> import keras
    >>> words = keras.Input((16, 32), dtype="int32", name="text")
    >>> mask = keras.Input((16,), dtype="bool")
    >>> features, _ = mm.branches.word_lstm(words, mask, vocabulary_size=1000)
    >>> features.shape
    (None, 16, 64)
    """
    name = scope_name(inputs.name)
    shape = (vocabulary_size, units) if embeddings is None else tuple(embeddings.shape)
    if len(shape) != 2 or shape[0] != vocabulary_size:
        raise ValueError(
            f"`embeddings` must have shape ({vocabulary_size}, E), a row for each token id. "
            f"Received: shape={shape}"
        )
    words = TextCNN(
        vocabulary_size,
        units,
        embedding_size=shape[1],
        name=f"{name}_words",
    )
    features = PerStep(words, name=f"{name}_text_cnn")(inputs, mask)  # (B, T, D)
    if embeddings is not None:
        words.embedding.embeddings.assign(embeddings)
    parts = [keras.layers.Dropout(dropout, name=f"{name}_dropout")(features)]
    if sentences is not None:
        parts.append(_projected(sentences, mask, units, dropout, f"{name}_sentences"))
    whole = ops.concatenate(parts, axis=-1) if len(parts) > 1 else parts[0]
    read, _ = lstm(whole, mask, units=units, name=name)
    return keras.layers.Add(name=f"{name}_sum")([*parts, read]), mask


def _projected(sentences, mask, units, dropout, name):
    """Vectors of sentences as features `(B, T, D)`."""
    norm = keras.layers.LayerNormalization(center=False, scale=False)
    projection = keras.Sequential([norm, keras.layers.Dense(units)])
    features = PerStep(projection, name=f"{name}_projection")(sentences, mask)
    return keras.layers.Dropout(dropout, name=f"{name}_dropout")(features)


@keras.saving.register_keras_serializable("mmfusion")
class TextCNN(keras.layers.Layer):
    """Embeds words, reads them in windows, and adds what they mean all together.

    Of each filter over the windows the maximum is kept. Token 0 is padding and is never
    read.

    Args:
        vocabulary_size: int. Number V of token ids.
        units: int. Width D of the output.
        embedding_size: int. Width E of a word vector. Default 64.
        kernel_size: int. Words of a window. Default 3.
        train_words: bool. Whether word vectors are trained. Default `True`.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        inputs: int tensor of token ids, shape `(B, L)`.

    Returns:
        Float tensor of shape `(B, D)`; 0 where there are no words.

    Example:

    >>> TextCNN(100, 16)(np.array([[5, 7, 9, 0], [0, 0, 0, 0]])).shape
    TensorShape([2, 16])

    Reference:
        [Kim, 2014](https://arxiv.org/abs/1408.5882)
    """

    def __init__(
        self,
        vocabulary_size: int,
        units: int,
        *,
        embedding_size: int = 64,
        kernel_size: int = 3,
        train_words: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.vocabulary_size = vocabulary_size
        self.units = units
        self.embedding_size = embedding_size
        self.kernel_size = kernel_size
        self.train_words = train_words

    def build(self, inputs_shape: tuple[int | None, ...]) -> None:
        self.embedding = keras.layers.Embedding(
            self.vocabulary_size,
            self.embedding_size,
            trainable=self.train_words,
            dtype=self.dtype_policy,
            name="embedding",
        )
        self.embedding.build(inputs_shape)
        self.conv = keras.layers.Conv1D(
            self.units,
            self.kernel_size,
            padding="same",
            activation="relu",
            dtype=self.dtype_policy,
            name="conv",
        )
        self.conv.build((*inputs_shape, self.embedding_size))
        self.mean = keras.layers.Dense(
            self.units, use_bias=False, dtype=self.dtype_policy, name="mean"
        )
        self.mean.build((None, self.embedding_size))

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        mask = ops.not_equal(inputs, 0)  # (B, L)
        words = keep(self.embedding(inputs), mask)  # (B, L, E)
        return masked_max(self.conv(words), mask) + self.mean(masked_mean(words, mask))  # (B, D)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "units": self.units,
            "embedding_size": self.embedding_size,
            "kernel_size": self.kernel_size,
            "train_words": self.train_words,
        }

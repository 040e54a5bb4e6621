"""Words of one step, read in their order by a convolution, to one vector."""

import keras
from keras import ops

from mmfusion.ops.masks import keep, masked_max, masked_mean


@keras.saving.register_keras_serializable("mmfusion")
class TextCNN(keras.layers.Layer):
    """Embeds words, reads them in windows, and adds what they mean all together.

    Of each filter over the windows the strongest answer is kept. Token 0 is padding and is never
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

    >>> mm.layers.TextCNN(100, 16)(np.array([[5, 7, 9, 0], [0, 0, 0, 0]])).shape
    TensorShape([2, 16])

    Reference:
        [Kim, 2014](https://arxiv.org/abs/1408.5882)
    """

    def __init__(
        self,
        vocabulary_size,
        units,
        *,
        embedding_size=64,
        kernel_size=3,
        train_words=True,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.vocabulary_size = vocabulary_size
        self.units = units
        self.embedding_size = embedding_size
        self.kernel_size = kernel_size
        self.train_words = train_words

    def build(self, inputs_shape):
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

    def call(self, inputs):
        mask = ops.not_equal(inputs, 0)  # (B, L)
        words = keep(self.embedding(inputs), mask)  # (B, L, E)
        return masked_max(self.conv(words), mask) + self.mean(masked_mean(words, mask))  # (B, D)

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "units": self.units,
            "embedding_size": self.embedding_size,
            "kernel_size": self.kernel_size,
            "train_words": self.train_words,
        }

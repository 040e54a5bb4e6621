"""The mean state that a transformer of words gives to the words of a text."""

import keras
import numpy as np

from mmfusion.layers.word_backbone import WordBackbone


def test_mean_of_the_words_by_hand():
    asked = {
        name: keras.Input((None,), dtype="int32", name=name)
        for name in ("token_ids", "padding_mask", "segment_ids")
    }
    table = keras.layers.Embedding(4, 1, embeddings_initializer="zeros")
    layer = WordBackbone(keras.Model(asked, table(asked["token_ids"])))
    table.set_weights([np.array([[9.0], [1.0], [3.0], [8.0]])])
    means = layer(np.array([[1, 2, 0], [3, 0, 0], [0, 0, 0]]))
    np.testing.assert_allclose(means, [[2.0], [8.0], [0.0]])

"""Words of one step, read in their order by a convolution, to one vector."""

import numpy as np
import pytest

from mmfusion.layers.text_cnn import TextCNN


@pytest.fixture
def layer():
    """Word vectors 0, 1, 2, ...; one filter: the word, less half of the one before it; no mean."""
    layer = TextCNN(10, 1, embedding_size=1)
    layer.build((None, 4))
    window = np.array([-0.5, 1.0, 0.0]).reshape(3, 1, 1)
    layer.set_weights([np.arange(10.0)[:, None], window, np.zeros(1), np.zeros((1, 1))])
    return layer


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ([0, 0, 0, 0], 0.0),
        ([3, 0, 0, 0], 3.0),
        ([3, 8, 0, 0], 6.5),
        ([8, 3, 0, 0], 8.0),
        ([1, 2, 3, 4], 2.5),
    ],
)
def test_reads_words_in_their_order(layer, tokens, expected):
    np.testing.assert_allclose(layer(np.array([tokens])), [[expected]])


@pytest.mark.parametrize(("tokens", "mean"), [([0, 0, 0, 0], 0.0), ([3, 8, 0, 0], 5.5)])
def test_adds_the_mean_of_the_words(layer, tokens, mean):
    window, bias = np.zeros((3, 1, 1)), np.zeros(1)
    layer.set_weights([np.arange(10.0)[:, None], window, bias, np.full((1, 1), 2.0)])
    np.testing.assert_allclose(layer(np.array([tokens])), [[2 * mean]])


def test_padding_has_no_word_vector(layer):
    weights = layer.get_weights()
    weights[0][0] = 1e6
    layer.set_weights(weights)
    np.testing.assert_allclose(layer(np.array([[3, 0, 0, 0]])), [[3.0]])


@pytest.mark.parametrize(("train_words", "count"), [(True, 4), (False, 3)])
def test_word_vectors_can_be_frozen(train_words, count):
    layer = TextCNN(10, 2, train_words=train_words)
    layer.build((None, 4))
    assert len(layer.trainable_weights) == count

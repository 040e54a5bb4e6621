"""Words read in their order within each step, then by an LSTM over the steps."""

import keras
import numpy as np
import pytest

from mmfusion.branches.word_lstm import word_lstm

WORDS = np.random.default_rng(0).normal(size=(10, 3)).astype("float32")


def make(**options):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((None, 4), dtype="int32", name="x")
    mask = keras.Input((None,), dtype="bool")
    features, _ = word_lstm(inputs, mask, vocabulary_size=10, units=8, **options)
    return keras.Model([inputs, mask], features)


def test_order_within_a_step_matters():
    model = make()
    tokens = np.array([[[2, 3, 4, 0]], [[4, 3, 2, 0]]])
    first, second = model([tokens, np.ones((2, 1), bool)]).numpy()
    assert np.abs(first - second).max() > 1e-5


@pytest.mark.parametrize("train_words", [True, False])
def test_starts_from_given_word_vectors(train_words, tmp_path):
    model = make(embeddings=WORDS, train_words=train_words)
    model.save(tmp_path / "model.keras")
    for each in (model, keras.models.load_model(tmp_path / "model.keras")):
        layer = each.get_layer("x_text_cnn").layer
        np.testing.assert_array_equal(layer.embedding.embeddings, WORDS)
        assert layer.embedding.trainable == train_words


@pytest.mark.parametrize("shape", [(9, 3), (10,)])
def test_needs_a_vector_for_each_token(shape):
    with pytest.raises(ValueError, match=r"`embeddings` must have shape \(10, E\)"):
        make(embeddings=np.zeros(shape))

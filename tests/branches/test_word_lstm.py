"""Words read in their order within each step, then by an LSTM over the steps."""

import keras
import numpy as np
import pytest

from mmfusion.branches.word_lstm import TextCNN, word_lstm

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


def test_starts_from_given_word_vectors(tmp_path):
    model = make(embeddings=WORDS)
    model.save(tmp_path / "model.keras")
    for each in (model, keras.models.load_model(tmp_path / "model.keras")):
        layer = each.get_layer("x_text_cnn").layer
        np.testing.assert_array_equal(layer.embedding.embeddings, WORDS)


@pytest.mark.parametrize("shape", [(9, 3), (10,)])
def test_needs_a_vector_for_each_token(shape):
    with pytest.raises(ValueError, match=r"`embeddings` must have shape \(10, E\)"):
        make(embeddings=np.zeros(shape))


@pytest.fixture
def beside():
    """The branch with vectors of sentences beside the words."""
    keras.utils.set_random_seed(0)
    inputs = {
        "x": keras.Input((None, 4), dtype="int32", name="x"),
        "sentences": keras.Input((None, 5), name="sentences"),
        "mask": keras.Input((None,), dtype="bool", name="mask"),
    }
    options = {"vocabulary_size": 10, "units": 8, "sentences": inputs["sentences"]}
    return keras.Model(inputs, word_lstm(inputs["x"], inputs["mask"], **options)[0])


def test_sentences_are_heard_beside_the_words_and_afterwards(beside):
    batch = {"x": np.ones((1, 3, 4), int), "mask": np.ones((1, 3), bool)}
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(1, 3, 5)).astype("float32")
    other = vectors.copy()
    other[0, 1] = rng.normal(size=5)
    first, second = (beside(batch | {"sentences": each}).numpy()[0] for each in (vectors, other))
    assert np.any(first != second, axis=-1).tolist() == [False, True, True]


def test_how_long_the_vectors_are_does_not_matter(beside):
    batch = {"x": np.ones((1, 2, 4), int), "mask": np.ones((1, 2), bool)}
    vectors = np.random.default_rng(0).normal(size=(1, 2, 5)).astype("float32")
    first, second = (beside(batch | {"sentences": vectors * by}) for by in (10, 100))
    np.testing.assert_allclose(first, second, atol=1e-4)


@pytest.mark.parametrize("garbage", [1e6, np.nan, -np.inf])
def test_the_sentences_of_absent_steps_are_never_read(beside, garbage):
    batch = {"x": np.ones((1, 3, 4), int), "mask": np.array([[True, False, True]])}
    vectors = np.ones((1, 3, 5), "float32")
    before = beside(batch | {"sentences": vectors.copy()})
    vectors[0, 1] = garbage
    np.testing.assert_array_equal(beside(batch | {"sentences": vectors}), before)


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

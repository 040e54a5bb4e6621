"""A model that reads sentences itself, by a tiny random BERT."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.features.bert import BertEncoder
from mmfusion.models.fine_tuning import unfreeze_text_encoder

SAID = np.array([["no", "fire alarm", ""], ["alarms", "", ""]])
BATCH = {
    "said": tf.constant(SAID),
    "said_mask": tf.constant(SAID != ""),
    "x": tf.random.stateless_normal((2, 3, 4), seed=(0, 1)),
}


@pytest.fixture
def parts(tiny_bert):
    """A Preprocessor and a model that takes vectors of sentences, and their encoder."""
    encoder = BertEncoder(tiny_bert, tokens=8)
    said = keras.Input((None,), dtype="string", name="said")
    mask = keras.Input((None,), dtype="bool", name="said_mask")
    x = keras.Input((None, 4), name="x")
    ready = {"said_mask": mask, "said_sentences": encoder.vectors(said, mask), "x": x}
    prep = keras.Model({"said": said, "said_mask": mask, "x": x}, ready)
    given = {
        "said_mask": keras.Input((None,), dtype="bool", name="said_mask"),
        "said_sentences": keras.Input((None, 8), name="said_sentences"),
        "x": keras.Input((None, 4), name="x"),
    }
    read = keras.layers.Concatenate()([given["said_sentences"], given["x"]])
    model = keras.Model(given, keras.layers.Dense(2, "softmax")(read))
    return prep, model, encoder


def test_says_the_same_before_it_is_trained(parts):
    prep, model, encoder = parts
    expected = model(prep(BATCH))
    cutting, reading = unfreeze_text_encoder(prep, model, encoder)
    assert set(cutting.output) == set(reading.input) == {"said_mask", "said_pieces", "x"}
    np.testing.assert_allclose(reading(cutting(BATCH)), expected, atol=1e-6)


def test_bert_learns_in_it(parts, tmp_path):
    cutting, reading = unfreeze_text_encoder(*parts)
    reading.compile("sgd", "sparse_categorical_crossentropy")
    weights = reading.trainable_weights
    before = [weight.numpy() for weight in weights]
    reading.train_on_batch(cutting(BATCH), np.array([[0, 1, 0], [1, 0, 1]]))
    moved = [not np.array_equal(*pair) for pair in zip(before, weights, strict=True)]
    assert np.mean(moved) > 0.9
    reading.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_allclose(again(cutting(BATCH)), reading(cutting(BATCH)), atol=1e-6)

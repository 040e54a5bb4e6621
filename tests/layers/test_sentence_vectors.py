"""Sentences to vectors inside the graph, by a tiny random BERT."""

import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.features.bert import BertEncoder
from mmfusion.layers.sentence_vectors import BATCH, SentenceVectors

TEXTS = np.array([["no fire", "alarms", ""], ["fire", "no no no alarm", "dragon"]])
MASK = np.array([[True, False, True], [False, True, True]])
BATCH_OF_TWO = [tf.constant(TEXTS), tf.constant(MASK)]


@pytest.fixture
def layer(tiny_bert):
    return BertEncoder(tiny_bert, tokens=8).layer


def model_of(layer):
    inputs = [keras.Input((None,), dtype="string"), keras.Input((None,), dtype="bool")]
    return keras.Model(inputs, layer(*inputs))


def test_the_mean_state_of_the_pieces_by_hand(layer):
    ids = np.array([[2, 7, 5, 3]])  # [CLS] no fire [SEP]
    asked = {"token_ids": ids, "padding_mask": ids > 0, "segment_ids": ids * 0}
    mean = np.mean(layer.layer(asked)["sequence_output"][0], axis=0)
    found = layer(TEXTS[:1, :1], MASK[:1, :1])
    assert found.shape == (1, 1, 8)
    np.testing.assert_allclose(found[0, 0], mean / np.linalg.norm(mean), atol=1e-6)


def test_long_texts_are_cut(layer):
    texts = np.array([["no " * 6, "no " * 7]])
    one, other = layer(texts, np.ones((1, 2), bool))[0]
    np.testing.assert_array_equal(one, other)


def test_more_texts_than_are_read_at_once_keep_their_places(layer):
    texts = np.array(["no " * (at % 5) + "fire" for at in range(2 * BATCH + 3)])
    together = layer(texts[None], np.ones((1, len(texts)), bool))[0]
    for at in (0, 4, BATCH, 2 * BATCH + 2):
        alone = layer(texts[None, at : at + 1], np.ones((1, 1), bool))[0, 0]
        np.testing.assert_allclose(together[at], alone, atol=1e-6)


@pytest.mark.parametrize("mask", [MASK, MASK & False])
def test_absent_steps_are_zero_and_never_read(layer, mask):
    model = model_of(layer)
    before = model([tf.constant(TEXTS), tf.constant(mask)]).numpy()
    assert not before[~mask].any()
    np.testing.assert_allclose(np.linalg.norm(before[mask], axis=-1), 1, rtol=1e-5)
    garbage = np.where(mask, TEXTS, "fire fire alarm no \ufffe")
    np.testing.assert_array_equal(model([tf.constant(garbage), tf.constant(mask)]), before)


def test_is_not_trained(layer):
    assert layer.weights
    assert layer.trainable_weights == []


def test_survives_saving_and_export(layer, tmp_path):
    model = model_of(layer)
    expected = model(BATCH_OF_TWO)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(again(BATCH_OF_TWO), expected)
    model.export(tmp_path / "saved", verbose=False)
    saved = tf.saved_model.load(tmp_path / "saved")
    np.testing.assert_allclose(saved.serve(BATCH_OF_TWO), expected, atol=1e-6)


def test_the_package_is_named(layer, monkeypatch):
    config = layer.get_config()
    monkeypatch.setitem(sys.modules, "keras_hub", None)
    with pytest.raises(ImportError, match=r"pip install 'mmfusion\[bert\]'"):
        SentenceVectors.from_config(config)

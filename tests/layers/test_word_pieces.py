"""Texts to the ids of their word pieces, by the tokeniser of a tiny BERT."""

import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.features.bert import BertEncoder
from mmfusion.layers.word_pieces import WordPieces

# [UNK] 1, [CLS] 2, [SEP] 3, fire 5, alarm 6, no 7, ##s 8
TEXTS = np.array([["No fire!", "alarms", "dragon"], ["fire", "no no no alarm", ""]])
MASK = np.array([[True, True, True], [False, True, True]])
PIECES = [
    [[2, 7, 5, 1, 3], [2, 6, 8, 3, 0], [2, 1, 3, 0, 0]],
    [[0, 0, 0, 0, 0], [2, 7, 7, 7, 3], [2, 3, 0, 0, 0]],
]


@pytest.fixture
def layer(tiny_bert):
    return BertEncoder(tiny_bert, tokens=5).pieces


def test_pieces_by_hand(layer):
    found = layer(TEXTS, MASK)
    assert found.dtype == "int32"
    np.testing.assert_array_equal(found, PIECES)


def test_nothing_there_is_no_pieces(layer):
    assert layer(TEXTS, MASK & False).shape == (2, 3, 0)


def test_survives_saving(layer, tmp_path):
    inputs = [keras.Input((None,), dtype="string"), keras.Input((None,), dtype="bool")]
    keras.Model(inputs, layer(*inputs)).save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(again([tf.constant(TEXTS), tf.constant(MASK)]), PIECES)


def test_the_package_is_named(layer, monkeypatch):
    config = layer.get_config()
    monkeypatch.setitem(sys.modules, "keras_hub", None)
    with pytest.raises(ImportError, match=r"pip install 'mmfusion\[bert\]'"):
        WordPieces.from_config(config)

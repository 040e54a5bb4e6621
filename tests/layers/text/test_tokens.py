import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.layers.text.tokens import Tokens, split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("  \n ", []),
        ("...", []),
        ("'What?!'", ["what", "?", "!"]),
        ("快跑\uff01 真的\uff1f", ["快", "跑", "!", "真", "的", "?"]),
        ("Hello", ["hello"]),
        ("Don\u2019t STOP, it's 5pm.", ["don't", "stop", "it's", "5pm"]),
        ("'quoted' rock 'n' roll", ["quoted", "rock", "n", "roll"]),
        ("ÉCOLE naïve", ["école", "naïve"]),
        ("着火了 help 快跑!", ["着", "火", "了", "help", "快", "跑", "!"]),
        (b"caf\xe9 fine", ["caf", "fine"]),
    ],
)
def test_split_words(text, words):
    assert [word.decode() for word in split_words([text]).to_list()[0]] == words


def test_no_vocabulary_makes_every_word_unknown():
    ids = Tokens([], 3)(np.array([["a b"]]), np.ones((1, 1), bool))
    np.testing.assert_array_equal(ids, [[[1, 1, 0]]])


def test_ids_by_hand():
    texts = np.array([["fire fire now and more", ""], ["what", "now"]])
    ids = Tokens(["now", "fire"], 4)(texts, np.ones((2, 2), bool))
    np.testing.assert_array_equal(ids, [[[3, 3, 2, 1], [0, 0, 0, 0]], [[1, 0, 0, 0], [2, 0, 0, 0]]])


def test_absent_steps_are_padding():
    ids = Tokens(["now"], 2)(np.array([["now", "now"]]), np.array([[True, False]]))
    np.testing.assert_array_equal(ids, [[[2, 0], [0, 0]]])


def test_survives_saving(tmp_path):
    texts, mask = keras.Input((2,), dtype="string"), keras.Input((2,), dtype="bool")
    model = keras.Model([texts, mask], Tokens(["火", "now"], 3)(texts, mask))
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    batch = [tf.constant([["火now", "x"]]), tf.ones((1, 2), tf.bool)]
    np.testing.assert_array_equal(model(batch), again(batch))

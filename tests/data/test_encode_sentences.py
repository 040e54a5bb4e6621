"""Vectors of whole texts beside the words of a corpus of arrays."""

import dataclasses

import keras
import numpy as np
import pytest

from mmfusion.data.array_batches import array_dataset
from mmfusion.data.array_preprocessor import array_preprocessor
from mmfusion.data.encode_sentences import encode_sentences
from mmfusion.data.read_arrays import read_arrays
from mmfusion.features.bert import BertEncoder

SAID = np.array(["no", "fire", "", "no fire alarm", "alarms"])


def lengths(texts):
    """A stand-in for an encoder: the length of a text, twice."""
    return np.array([[len(text)] * 2 for text in texts], np.float32).reshape(-1, 2)


@pytest.fixture
def rows(tmp_path):
    np.savez(
        tmp_path / "corpus.npz",
        said=SAID,
        x=np.ones((5, 3)),
        label=[0, 1, 0, 1, 1],
        video=[1, 1, 1, 2, 2],
        place=[0, 1, 2, 0, 1],
    )
    keys = {"modalities": ("said", "x"), "group": "video", "order": "place"}
    return read_arrays(tmp_path / "corpus.npz", **keys)


def test_each_text_has_a_vector_and_an_absent_one_none(rows):
    read = encode_sentences(rows, lengths)
    expected = [[2, 2], [4, 4], [0, 0], [13, 13], [6, 6]]
    np.testing.assert_array_equal(read.tensors["said_sentences"], expected)
    assert read.modalities == ["said", "x"]
    assert "said_sentences" not in rows.tensors


def test_they_stay_with_their_words(rows):
    read = encode_sentences(rows, lengths)
    part = read.select(read.clips[3:])
    np.testing.assert_array_equal(part.tensors["said_sentences"], [[13, 13], [6, 6]])
    assert set(part.only(["said"]).tensors) == {"said", "said_mask", "said_sentences"}
    assert set(part.only(["x"]).tensors) == {"x", "x_mask"}


def test_says_what_does_not_fit(rows):
    with pytest.raises(ValueError, match=r"no array of words to read. Received: \['x'\]"):
        encode_sentences(rows.only(["x"]), lengths)
    own = {**rows.tensors, "said_sentences": np.ones((5, 2))}
    with pytest.raises(ValueError, match="'said_sentences' is there already, beside 'said'"):
        encode_sentences(dataclasses.replace(rows, tensors=own), lengths)


def test_what_was_read_before_equals_what_the_preprocessor_reads(rows, tiny_bert):
    encoder = BertEncoder(tiny_bert, tokens=8)
    prep = array_preprocessor(rows, vocabulary=["no"], tokens=4, sentences=encoder.vectors)
    ((anew, *_),) = array_dataset(rows, prep)
    ((before, *_),) = array_dataset(encode_sentences(rows, encoder), prep)
    assert set(anew) == set(before) == {"said", "said_mask", "said_sentences", "x", "x_mask"}
    assert anew["said_sentences"].shape == (2, 3, 8)
    assert np.linalg.norm(anew["said_sentences"], axis=-1).round(5).tolist() == [
        [1, 1, 0],
        [1, 1, 0],
    ]
    for name, tensor in anew.items():
        np.testing.assert_allclose(tensor, before[name], atol=1e-6, err_msg=name)


def test_what_is_there_is_not_read_again(rows):
    class Forbidden(keras.layers.Layer):
        def call(self, texts, mask):
            raise AssertionError

        def compute_output_spec(self, texts, mask):
            return keras.KerasTensor((*texts.shape, 2))

    prep = array_preprocessor(rows, sentences=Forbidden())
    ((x, *_),) = array_dataset(encode_sentences(rows, lengths), prep, training=True)
    assert sorted(np.unique(x["said_sentences"])) == [0, 2, 4, 6, 13]


def test_the_preprocessor_survives_saving(rows, tiny_bert, tmp_path):
    encoder = BertEncoder(tiny_bert, tokens=8)
    prep = array_preprocessor(rows, vocabulary=["no"], sentences=encoder.vectors)
    prep.save(tmp_path / "prep.keras")
    again = keras.models.load_model(tmp_path / "prep.keras", safe_mode=True)
    ((expected, *_),), ((found, *_),) = array_dataset(rows, prep), array_dataset(rows, again)
    for name, tensor in expected.items():
        np.testing.assert_array_equal(found[name], tensor, err_msg=name)

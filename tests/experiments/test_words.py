"""The words of a corpus, and their branch with its first vectors."""

import keras
import numpy as np
import pytest

from mmfusion.data.read_arrays import read_arrays
from mmfusion.experiments.words import array_texts, vocabulary_of, word_branches
from mmfusion.options.network import Network
from mmfusion.specs import Clip

TEXTS = np.array(["Stop now", "", "go on", "go"])
SIZE = 6


def first_weights(vectors=None, seed=0):
    network = Network(word_vectors=vectors, units=4)
    clips = {"text": [Clip(str(at), text="all is well") for at in range(3)]}
    branch = word_branches(clips, ["all", "well"], network, size=SIZE, seed=seed)["text"]
    ids, mask = keras.Input((2, 3), dtype="int32"), keras.Input((2,), dtype="bool")
    model = keras.Model([ids, mask], branch(ids, mask)[0])
    return max(model.weights, key=lambda weight: weight.shape == (SIZE, 4)).numpy()


@pytest.mark.parametrize("texts", [{}, {"text": []}])
def test_no_words_no_branch(texts):
    assert vocabulary_of(texts) == []
    assert word_branches(texts, [], Network(), size=2, seed=0) == {}


def test_words_are_cleaned_as_the_clips_are():
    texts = {"text": [Clip("a", text="The alarms ring"), Clip("b", text="<b>Alarm!</b>")]}
    assert vocabulary_of(texts, cleaning=("text.stems",)) == ["alarm", "ring"]


def test_the_words_of_all_word_arrays_make_one_vocabulary(tmp_path):
    shown = np.array(["stop", "", "", "look"])
    arrays = {"said": TEXTS, "shown": shown, "x": np.ones((4, 2)), "label": [0, 1, 0, 1]}
    np.savez(tmp_path / "a.npz", **arrays)
    rows = read_arrays(tmp_path / "a.npz", modalities=("said", "shown", "x"))
    texts = array_texts(rows)
    assert {name: [clip.text for clip in each] for name, each in texts.items()} == {
        "said": ["Stop now", "go on", "go"],
        "shown": ["stop", "look"],
    }
    assert sorted(vocabulary_of(texts)) == ["go", "look", "now", "on", "stop"]


def test_a_branch_for_each_modality_of_words():
    texts = {"said": [Clip("a", text="go on")], "shown": [Clip("b", text="stop")]}
    words = vocabulary_of(texts)
    branches = word_branches(texts, words, Network(units=4), size=len(words) + 2, seed=0)
    assert set(branches) == {"said", "shown"}
    ids, mask = keras.Input((1, 3), dtype="int32", name="said"), keras.Input((1,), dtype="bool")
    assert branches["said"](ids, mask)[0].shape == (None, 1, 4)


def test_given_vectors_are_the_first_weights(tmp_path):
    (tmp_path / "vectors.txt").write_text("all 1 2 3 4\nwell 5 6 7 8\n")
    found = first_weights(str(tmp_path / "vectors.txt"))
    np.testing.assert_allclose(found[2:4], [[1, 2, 3, 4], [5, 6, 7, 8]])


def test_without_vectors_they_are_trained_and_the_same_each_time():
    np.testing.assert_array_equal(first_weights(), first_weights())
    assert not np.array_equal(first_weights(), first_weights(seed=1))

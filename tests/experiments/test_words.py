import dataclasses
import types

import keras
import numpy as np

from mmfusion.apps.runs.word_branch import word_branch, words_of
from mmfusion.specs import Clip, ClipSpec

SPEC = ClipSpec(steps=2, tokens=3, vocabulary_size=6, modalities=("text",))


def first_weights(vectors):
    options = types.SimpleNamespace(word_vectors=vectors, units=4, seed=0)
    clips = [Clip(str(at), text="all is well") for at in range(3)]
    branch = word_branch(clips, ["all", "well"], SPEC, options)["text"]
    ids, mask = keras.Input((2, 3), dtype="int32"), keras.Input((2,), dtype="bool")
    model = keras.Model([ids, mask], branch(ids, mask)[0])
    return max(model.weights, key=lambda weight: weight.shape == (6, 4)).numpy()


def test_words_are_those_of_the_records():
    clips = [Clip("a", text="The alarms ring"), Clip("b", text="<b>Alarm!</b>")]
    cleaned = dataclasses.replace(SPEC, cleaning=("text.stems",))
    assert words_of(clips, cleaned) == ["alarm", "ring"]
    assert words_of(clips, dataclasses.replace(SPEC, modalities=("audio",))) == []


def test_given_vectors_are_the_first_weights(tmp_path):
    (tmp_path / "vectors.txt").write_text("all 1 2 3 4\nwell 5 6 7 8\n")
    found = first_weights(str(tmp_path / "vectors.txt"))
    np.testing.assert_allclose(found[2:4], [[1, 2, 3, 4], [5, 6, 7, 8]])


def test_without_vectors_they_are_trained_and_the_same_each_time():
    np.testing.assert_array_equal(first_weights(None), first_weights(None))

"""The words of a corpus of arrays."""

import keras
import numpy as np

from mmfusion.apps.arrays import train as train_arrays
from mmfusion.apps.arrays import words as array_words
from mmfusion.data.arrays import read_arrays

TEXTS = np.array(["Stop now", "", "go on", "go"])


def test_words_of_all_word_arrays_make_one_vocabulary(tmp_path):
    np.savez(tmp_path / "a.npz", said=TEXTS, seen=np.ones((4, 2)), label=[0, 1, 0, 1])
    rows = read_arrays(tmp_path / "a.npz", modalities=("said", "seen"))
    clips = array_words.word_clips(rows)
    assert {name: [clip.text for clip in each] for name, each in clips.items()} == {
        "said": ["Stop now", "go on", "go"]
    }
    words = array_words.array_vocabulary(clips)
    assert words == ["go", "now", "on", "stop"]
    options = train_arrays.Options("a.npz", "run", units=4)
    branch = array_words.word_branches(clips, words, options)["said"]
    ids, mask = keras.Input((1, 3), dtype="int32", name="said"), keras.Input((1,), dtype="bool")
    assert branch(ids, mask)[0].shape == (None, 1, 4)

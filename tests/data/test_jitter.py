import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data.jitter import jitter

CLIP = {
    "audio": np.arange(1, 9, dtype="float32").reshape(4, 2),
    "audio_mask": np.array([True, True, False, True]),
    "text": np.array(["a", "b", "c", "d"]),
    "text_mask": np.ones(4, bool),
}


def moved(most, seed):
    clip = {name: tf.constant(value) for name, value in CLIP.items()}
    return {name: value.numpy() for name, value in jitter(clip, most, (seed, 0)).items()}


def test_zero_moves_nothing():
    for name, value in moved(0, 5).items():
        expected = CLIP[name].astype("S") if name == "text" else CLIP[name]
        np.testing.assert_array_equal(value, expected)


def test_all_modalities_move_together_and_the_rest_is_absent():
    shifts = set()
    for seed in range(40):
        found = moved(2, seed)
        there = [at for at in range(4) if found["text_mask"][at]]
        words = [found["text"][at].decode() for at in there]
        shift = there[0] - "abcd".index(words[0])
        shifts.add(shift)
        for at in range(4):
            came = at - shift
            inside = 0 <= came < 4
            assert found["text"][at].decode() == ("abcd"[came] if inside else "")
            expected = CLIP["audio"][came] if inside else [0, 0]
            np.testing.assert_array_equal(found["audio"][at], expected)
            assert found["audio_mask"][at] == (inside and CLIP["audio_mask"][came])
    assert shifts == {-2, -1, 0, 1, 2}


@pytest.mark.parametrize("seed", [0, 9])
def test_same_seed_same_clip(seed):
    one, other = moved(2, seed), moved(2, seed)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])

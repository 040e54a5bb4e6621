import numpy as np
import pytest

from mmfusion.serving.arrays import completed

INPUTS = {
    "text": {"dtype": "string", "shape": [None, 4]},
    "text_mask": {"dtype": "bool", "shape": [None, 4]},
    "video": {"dtype": "uint8", "shape": [None, 4, 2, 2, 3]},
    "video_mask": {"dtype": "bool", "shape": [None, 4]},
}
WORDS = [["hello", "", "you", ""]]
FRAMES = np.full((2, 4, 2, 2, 3), 9, "uint8")


@pytest.mark.parametrize("size", [0, 1, 2])
def test_nothing_is_added_to_a_whole_batch(size):
    batch = {
        "text": np.full((size, 4), b"x", object),
        "text_mask": np.ones((size, 4), bool),
        "video": FRAMES[:size],
        "video_mask": np.zeros((size, 4), bool),
    }
    found = completed(batch, INPUTS)
    assert set(found) == set(batch)
    for name, value in batch.items():
        np.testing.assert_array_equal(found[name], value)


def test_what_is_left_out_is_absent():
    found = completed({"video": FRAMES}, INPUTS)
    assert found["text"].numpy().tolist() == [[b""] * 4] * 2
    assert not found["text_mask"].numpy().any()
    words = completed({"text": WORDS}, INPUTS)
    assert words["video"].shape == (1, 4, 2, 2, 3)
    assert not words["video"].numpy().any()
    assert not words["video_mask"].numpy().any()


def test_without_its_mask_a_modality_is_there_in_every_step():
    assert completed({"video": FRAMES}, INPUTS)["video_mask"].numpy().all()


def test_a_mask_that_is_given_stays():
    mask = np.array([[True, False, True, False]])
    found = completed({"text": WORDS, "text_mask": mask}, INPUTS)
    np.testing.assert_array_equal(found["text_mask"], mask)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({}, r"must hold some of \['text'.*Received: \[\]"),
        ({"smell": np.zeros((1, 4))}, r"must hold some of.*\['smell'\]"),
        ({"video": np.zeros((1, 4, 9, 9, 3), "uint8")}, r"uint8 \(None, 4, 2, 2, 3\).*9, 9"),
        ({"text_mask": np.zeros(4, bool)}, r"`text_mask` must be bool \(None, 4\).*bool \(4,\)"),
        ({"video": np.array("x")}, "`video` must be uint8"),
        ({"text": [["a", "b"]]}, r"`text` must be string \(None, 4\).*\(1, 2\)"),
        ({"video": FRAMES, "text": WORDS}, r"same batch dimension.*'text': 1"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        completed(wrong, INPUTS)


def test_what_is_left_out_of_sequences_has_the_steps_of_the_others():
    inputs = {name: {"dtype": "float32", "shape": [None, None, 2]} for name in ("a", "b")}
    inputs |= {f"{name}_mask": {"dtype": "bool", "shape": [None, None]} for name in ("a", "b")}
    found = completed({"b": np.ones((3, 5, 2))}, inputs)
    assert found["a"].shape == (3, 5, 2)
    assert found["b_mask"].numpy().all()
    assert not found["a_mask"].numpy().any()


SOUND = {"a": {"dtype": "float32", "shape": [None, None, 2]}}
SOUND_MASK = {"a_mask": {"dtype": "bool", "shape": [None, None]}}


@pytest.mark.parametrize("inputs", [SOUND, SOUND | SOUND_MASK], ids=["no_mask", "mask"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_what_is_not_finite_is_refused_by_its_row(inputs, value):
    sound = np.ones((4, 3, 2))
    sound[2, 1, 0] = sound[3, 0, 1] = value
    message = r"`a` must be finite.*row 2 \(2 of 4 rows\)"
    with pytest.raises(ValueError, match=message):
        completed({"a": sound}, inputs)
    assert not completed({"a": sound[:0]}, inputs)["a"].shape[0]


def test_what_is_not_finite_behind_its_mask_is_never_read():
    sound, mask = np.ones((2, 3, 2)), np.ones((2, 3), bool)
    sound[1, 2], mask[1, 2] = np.nan, False
    found = completed({"a": sound, "a_mask": mask}, SOUND | SOUND_MASK)
    np.testing.assert_array_equal(found["a"], np.repeat(mask[..., None], 2, axis=2))
    with pytest.raises(ValueError, match="row 1"):
        completed({"a": sound, "a_mask": np.ones((2, 3), bool)}, SOUND | SOUND_MASK)

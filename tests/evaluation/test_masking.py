import keras
import numpy as np
import pytest

from mmfusion.evaluation.masking import blank, modalities, only

INPUTS = {
    "audio": np.full((2, 3, 1), 5.0),
    "audio_mask": np.array([[True, False, True], [True, True, True]]),
    "text": np.array([["a", "b", ""], ["c", "", ""]], object),
    "text_mask": np.array([[True, True, False], [True, False, False]]),
}


def test_modalities_are_the_masks_among_the_inputs(two_bits):
    assert modalities(two_bits) == ("audio", "video")


def test_a_model_without_masks_is_refused():
    inputs = keras.Input((2,), name="pixels")
    model = keras.Model(inputs, keras.layers.Softmax()(inputs))
    with pytest.raises(ValueError, match=r"_mask.*Received: inputs=\['pixels'\]"):
        modalities(model)


@pytest.mark.parametrize("kept", [(), ("audio",), ("text",), ("audio", "text")])
def test_only_leaves_zeros_and_false_masks_elsewhere(kept):
    left = only(INPUTS, kept)
    for name, value in INPUTS.items():
        stays = name.removesuffix("_mask") in kept
        nothing = np.full_like(value, b"" if value.dtype == object else 0)
        np.testing.assert_array_equal(np.asarray(left[name]), value if stays else nothing)


def test_what_is_of_no_modality_stays():
    numbers = np.array([0, 1])
    for left in (
        only({**INPUTS, "sequence": numbers}, ("text",)),
        blank({**INPUTS, "sequence": numbers}),
    ):
        np.testing.assert_array_equal(left["sequence"], numbers)


def test_blank_keeps_the_masks_and_nothing_else():
    left = blank(INPUTS)
    np.testing.assert_array_equal(left["audio_mask"], INPUTS["audio_mask"])
    np.testing.assert_array_equal(left["text_mask"], INPUTS["text_mask"])
    assert not np.asarray(left["audio"]).any()
    assert set(np.asarray(left["text"]).ravel()) == {b""}


@pytest.mark.parametrize(("kept", "expected"), [(("text",), 1), (("audio",), 0)])
@pytest.mark.parametrize("name", ["text_pieces", "text_sentences"])
def test_what_is_made_of_words_goes_with_them(kept, expected, name):
    left = only(INPUTS | {name: np.ones((2, 3, 4))}, kept)
    np.testing.assert_array_equal(left[name], np.full((2, 3, 4), expected))


def test_a_modality_may_be_called_like_vectors_of_sentences():
    there = {"text_sentences": np.ones((1, 2)), "text_sentences_mask": np.ones((1, 2), bool)}
    left = only(INPUTS | there, ("text_sentences",))
    assert np.asarray(left["text_sentences"]).all()
    assert np.asarray(left["text_sentences_mask"]).all()

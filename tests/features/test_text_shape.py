import numpy as np
import pytest

from mmfusion.features.text_shape import NAMES, extract_text_shape

CAT = "The cat sat on the mat."


def told(text):
    return dict(zip(NAMES, extract_text_shape([text])[0].tolist(), strict=True))


def test_a_sentence_by_hand():
    found = told(CAT)
    assert (found["characters"], found["words"], found["sentences"]) == (18, 6, 1)
    assert found["characters_a_word"] == pytest.approx(17 / 6)
    assert found["different_words"] == pytest.approx(5 / 6)
    assert found["long_words"] == found["hard_words"] == 0
    assert found["reading_ease"] == pytest.approx(206.835 - 1.015 * 6 - 84.6, abs=1e-3)
    assert found["grade"] == pytest.approx(0.39 * 6 + 11.8 - 15.59, abs=1e-3)
    assert found["capitals"] == pytest.approx(1 / 17)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("cat", 1), ("fire", 1), ("table", 2), ("alarm", 2), ("emergency", 4), ("free", 1), ("hm", 1)],
)
def test_syllables(word, syllables):
    ease = 206.835 - 1.015 - 84.6 * syllables
    assert told(word)["reading_ease"] == pytest.approx(ease, abs=1e-2)


def test_marks():
    found = told("Run! Where? NOW!!")
    assert (found["sentences"], found["exclamations"], found["questions"]) == (
        3,
        1,
        pytest.approx(1 / 3),
    )


@pytest.mark.parametrize("text", ["", "   ", "123 ...", "\ufffd", "\U0001f525"])
def test_no_words(text):
    found = extract_text_shape([text])
    assert np.isfinite(found).all()
    assert not found[0, 1:10].any()


def test_no_texts_and_a_novel_in_one():
    assert extract_text_shape([]).shape == (0, 13)
    short, long = extract_text_shape([CAT, " ".join([CAT] * 20_000)])
    np.testing.assert_allclose(long[[3, 4, 8, 9]], short[[3, 4, 8, 9]], rtol=1e-5)
    assert long[1] == 120_000


@pytest.mark.parametrize("text", [None, b"bytes", 3])
def test_what_is_no_text_is_refused(text):
    with pytest.raises(TypeError, match="`texts` must be str"):
        extract_text_shape([text])

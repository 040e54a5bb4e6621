import pytest

from mmfusion.media.captions.segment import Segment
from mmfusion.media.captions.words import Word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("go", [Word(1.0, 3.0, "go")]),
        ("a bcd", [Word(1.0, 1.5, "a"), Word(1.5, 3.0, "bcd")]),
    ],
)
def test_words_share_the_time_by_their_letters(text, expected):
    assert Segment(1.0, 3.0, text).words == expected

import numpy as np
import pytest

from mmfusion.features.syntax import KINDS, extract_syntax, noun_phrases
from mmfusion.preprocessing.parts_of_speech import KINDS as TAGGED


def tagged(kinds):
    names = {kind[0]: kind for kind in KINDS} | {"a": "adjective", "d": "adverb"}
    return [(f"w{at}", f"w{at}", names[letter]) for at, letter in enumerate(kinds)]


@pytest.mark.parametrize(
    ("kinds", "phrases"),
    [
        ("", []),
        ("v", []),
        ("a", []),
        ("n", ["w0"]),
        ("oannvaan", ["w1 w2 w3", "w5 w6 w7"]),
        ("nan", ["w0", "w1 w2"]),
    ],
)
def test_phrases(kinds, phrases):
    assert noun_phrases(tagged(kinds)) == phrases


def test_shares_by_hand():
    empty, found = extract_syntax([[], tagged("oannvaanm")])
    assert not empty.any()
    expected = [3 / 9, 1 / 9, 3 / 9, 0, 0, 1 / 9, 1 / 9, 2 / 9, 3, 6 / 9]
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert extract_syntax([]).shape == (0, 10)


def test_the_kinds_are_those_of_the_tagger():
    assert KINDS == TAGGED

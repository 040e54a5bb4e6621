import pytest

from mmfusion.media.captions.cue import Cue
from mmfusion.media.captions.rolling import unrolled


def texts(*rows, length_s=2.0, gap_s=0.0):
    step_s = length_s + gap_s
    cues = [
        Cue("", step_s * at, step_s * at + length_s, ((None, each),))
        for at, each in enumerate(rows)
    ]
    return ["".join(cue.text.split("\n")).strip() for cue in unrolled(cues)]


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ((), []),
        (("a",), ["a"]),
        (("a", "a\nb", "b\nc", "c\nd"), ["a", "b", "c", "d"]),  # roll-up of television
        (("a b", "a b\nc d", "a b\nc d\ne"), ["a b", "c d", "e"]),
        (("red", "red green", "red green blue", "next"), ["red", "green", "blue", "next"]),
        (("no\nno", "no\nno no", "no no\nstop"), ["nono", "no no", "stop"]),
        (("no", "no", "no"), ["no", "no", "no"]),  # said three times, each for two seconds
        (
            ("no", "no way", "come", "here", "now", "quick"),
            ["no", "no way", "come", "here", "now", "quick"],
        ),
        (("redgreen", "red green"), ["redgreen", "red green"]),
    ],
)
def test_each_row_is_said_once(shown, said):
    assert texts(*shown) == said


def test_after_a_pause_it_is_said_again():
    assert texts("a", "a\nb", "b\nc", gap_s=1.0) == ["a", "ab", "bc"]

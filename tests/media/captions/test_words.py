import math

import pytest

from mmfusion.media.captions.cue import Cue
from mmfusion.media.captions.words import words_of


def words(*cues):
    problems = []
    found = words_of([Cue(f"line {at}", *each) for at, each in enumerate(cues, 1)], problems)
    return [(w.start_s, w.end_s, w.text) for w in found], problems


def plain(text):
    return ((None, text),)


def test_nothing():
    assert words() == ([], [])
    assert words((0.0, 1.0, ()), (1.0, 2.0, plain(" \n "))) == ([], [])


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (plain("ab cd"), [(0, 2, "ab"), (2, 4, "cd")]),
        (((None, "ab "), (1.0, "cd")), [(0, 1, "ab"), (1, 4, "cd")]),
        (((1.0, "ab"), (3.0, " cd")), [(1, 3, "ab"), (3, 4, "cd")]),
        (((1.0, "ka"), (2.0, "ra "), (3.0, "ok")), [(1, 3, "kara"), (3, 4, "ok")]),
        (((0.0, "ab"), (1.0, " "), (3.0, "cd")), [(0, 1, "ab"), (3, 4, "cd")]),  # a pause
    ],
)
def test_words_share_the_time_of_their_piece(pieces, expected):
    assert words((0.0, 4.0, pieces)) == (expected, [])


def test_a_word_alone_has_the_time_of_its_cue_to_the_last_bit():
    assert words((0.32, 0.85, plain("bin"))) == ([(0.32, 0.85, "bin")], [])


def test_a_word_outside_of_its_cue_is_moved_to_its_edge_and_told():
    found, problems = words((1.0, 2.0, ((1.5, "a"), (9.0, " b"))))
    assert found == [(1.5, 2.0, "a"), (2.0, 2.0, "b")]
    assert problems == ["line 1: a word outside of its cue. Received: 9.0 s"]


def test_a_cue_without_an_end_lasts_to_the_next_or_as_long_as_it_takes_to_read():
    found, _ = words((5.0, math.inf, plain("b" * 30)), (1.0, math.inf, plain("a")))
    assert found == [(5.0, 7.0, "b" * 30), (1.0, 5.0, "a")]


@pytest.mark.parametrize("start_s", [-1.0, math.nan, math.inf])
def test_what_has_no_place_in_time_is_left_out_and_told(start_s):
    found, (problem,) = words((start_s, 2.0, plain("a")), (2.0, 3.0, plain("b")))
    assert found == [(2.0, 3.0, "b")]
    assert problem.startswith("line 1: expected a time of at least 0")

import time

import pytest

from mmfusion.preprocessing.characters import (
    strip_emoji,
    strip_numbers,
    strip_punctuation,
    strip_urls,
)

STEPS = [strip_emoji, strip_numbers, strip_punctuation, strip_urls]


@pytest.mark.parametrize(
    ("step", "text", "expected"),
    [
        (strip_urls, "HTTP://A.org", "_"),
        (strip_urls, "(www.a.org/x_(y)", "(_"),
        (strip_urls, "看https://a.org/b。快", "看_。快"),
        (strip_urls, "a.b+c@d-e.co.uk!", "_!"),
        (strip_urls, "me @ home", "me @ home"),
        (strip_emoji, "a👍🏽b", "a_b"),
        (strip_emoji, "👨‍👩‍👧🇩🇪☀️", "_"),
        (strip_emoji, "© 2020 → 5€", "© 2020 → 5€"),
        (strip_numbers, "1,234.5 -7 50%", "_ _ _"),
        (strip_numbers, "mp4 2nd B2", "mp4 2nd B2"),
        (strip_numbers, "٣ 着火 119", "_ 着火 _"),
        (strip_punctuation, "a_b—c…", "a_b_c_"),
        (strip_punctuation, "rock'n'roll 'x'", "rock'n'roll _x_"),
        (strip_punctuation, "「火」。", "_火__"),
        (strip_punctuation, "नमस्ते", "नमस्ते"),  # vowel signs are no punctuation
    ],
)
def test_by_hand(step, text, expected):
    assert step(text, replacement="_") == expected


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("text", ["", "a", "fire now", "着火了"])
def test_words_stay(step, text):
    assert step(text) == text


@pytest.mark.parametrize("step", STEPS)
def test_the_replacement_is_taken_literally(step):
    assert step("www.a.org ☀ 1 !", replacement="\\1").count("\\1") >= 1


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("part", ["a", "1", "1,", ".", "a@", "a.", "www.", "'a", "☀"])
def test_a_novel_takes_no_time(step, part):
    start_s = time.monotonic()
    step(part * 100_000)
    assert time.monotonic() - start_s < 5

# ruff: noqa: RUF001 - characters that look like others are meant
import tempfile
from pathlib import Path

import pytest

from mmfusion.preprocessing.words import (
    LANGUAGES,
    STOP_WORDS,
    _chinese,
    leave_out_stop_words,
    part_words,
    stem_words,
)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "", []),
        ("en", "...", []),
        ("en", "fire", ["fire"]),
        ("en", "Café-bar's open at 10", ["Café-bar's", "open", "at", "10"]),
        ("zh", "", []),
        ("zh", "，。", []),
        ("zh", "火", ["火"]),
        ("zh", "我来到北京清华大学", ["我", "来到", "北京", "清华大学"]),  # jieba's own example
        ("zh", "用GPU跑", ["用", "GPU", "跑"]),
    ],
)
def test_parting(language, text, expected):
    assert part_words(text, language=language) == expected


def test_jieba_leaves_no_cache_file(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    _chinese.cache_clear()
    part_words("着火了", language="zh")
    assert not list(Path(tmp_path).iterdir())


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_words(language):
    assert leave_out_stop_words([], language=language) == []
    assert leave_out_stop_words(sorted(STOP_WORDS[language]), language=language) == []
    telling = ["not", "no", "never", "fire", "help", "没", "不", "没有", "火"]
    assert leave_out_stop_words(telling, language=language) == telling


@pytest.mark.parametrize(
    ("words", "expected"),  # from Snowball's published vocabulary
    [
        ([], []),
        (["consigned", "consigning", "consignment"], ["consign"] * 3),
        (["knightly", "knights", "Knots"], ["knight", "knight", "knot"]),
        (["generously"], ["generous"]),
    ],
)
def test_stems(words, expected):
    assert stem_words(words) == expected
    assert stem_words(words, language="zh") == words


@pytest.mark.parametrize("step", [part_words, leave_out_stop_words, stem_words])
def test_other_languages(step):
    with pytest.raises(ValueError, match="`language` must be one of"):
        step("", language="de")

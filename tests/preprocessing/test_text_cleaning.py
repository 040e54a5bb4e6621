# ruff: noqa: RUF001 - characters that look like others are meant
import json
import time

import numpy as np
import pytest

from mmfusion.preprocessing.text_cleaning import TextCleaning

NOTHING = dict.fromkeys(["markup", "urls", "emoji", "punctuation", "lower_case"], False)


@pytest.mark.parametrize(
    ("settings", "text", "expected"),
    [
        ({}, None, ""),
        ({}, "", ""),
        ({}, b"", ""),
        ({}, " \n\t ", ""),
        ({}, "<b>It’s</b> FIRE!", "it's fire"),
        ({}, b"caf\xe9", "café"),
        ({"numbers": True}, "12 men, B2, 119火警 3_", "men b2 火警"),
        (NOTHING, "<b>Hi</b>  ☀ www.a.org!", "<b>Hi</b> ☀ www.a.org!"),
        ({"stop_words": True}, "This is not a fire", "not fire"),
        ({"stems": True}, "Running dogs", "run dog"),
        ({"language": "zh"}, "<p>着火了！</p>☀", "着火了"),
        ({"language": "zh", "stop_words": True}, "商场着火了！", "商场 着火"),
        ({"language": "zh", "stop_words": True}, "商场着火了".encode("gb18030"), "商场 着火"),
    ],
)
def test_by_hand(settings, text, expected):
    assert TextCleaning(**settings)(text) == expected


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("seed", range(10))
def test_random_bytes_never_crash(language, seed):
    raw = np.random.default_rng(seed).integers(0, 256, 300, dtype="uint8").tobytes()
    TextCleaning(language, numbers=True, stop_words=True, stems=True)(raw).encode("utf-8")


@pytest.mark.parametrize("seed", range(10))
def test_cleaning_twice_changes_nothing(seed):
    clean = TextCleaning(numbers=True, stop_words=True)
    raw = np.random.default_rng(seed).integers(32, 127, 300, dtype="uint8").tobytes()
    assert clean(clean(raw)) == clean(raw)


def test_settings_travel_as_json():
    cleaning = TextCleaning("zh", urls=False, stems=True)
    assert TextCleaning.from_dict(json.loads(json.dumps(cleaning.to_dict()))) == cleaning


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_novel_in_one_cell(language):
    start_s = time.monotonic()
    cleaned = TextCleaning(language, stop_words=True, stems=True)("着火 the fires burnt. " * 20_000)
    assert cleaned.startswith("着火")
    assert time.monotonic() - start_s < 30


def test_bad_settings():
    with pytest.raises(ValueError, match="`language` must be one of"):
        TextCleaning("de")
    with pytest.raises(TypeError, match=r"`text` must be str or bytes\. Received: float"):
        TextCleaning()(1.5)

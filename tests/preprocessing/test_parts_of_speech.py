import sys

import pytest

from mmfusion.preprocessing import parts_of_speech
from mmfusion.preprocessing.parts_of_speech import PARTS_OF_SPEECH, lemmatise, tag_words


@pytest.fixture
def hanta():
    pytest.importorskip("HanTa", reason="the extra `words` is not installed")


@pytest.mark.parametrize(
    ("text", "lemmas"),
    [
        ("", []),
        ("...", []),
        ("The children ran away.", ["the", "child", "run", "away"]),
        ("She didn\u2019t see it", ["she", "do", "not", "see", "it"]),
        ("Buildings were burning", ["building", "be", "burn"]),
    ],
)
def test_dictionary_forms(hanta, text, lemmas):
    assert lemmatise(text) == lemmas


def test_kinds_of_english(hanta):
    kinds = [kind for _, _, kind in tag_words("She quickly saw the old house!")]
    assert kinds == ["pronoun", "adverb", "verb", "other", "adjective", "noun", "mark"]


def test_kinds_of_chinese():
    tagged = tag_words("\u6211\u4eec\u5bb3\u6015\u706b\u707e\u3002", language="zh")
    assert [kind for _, _, kind in tagged] == ["pronoun", "verb", "noun", "mark"]
    assert lemmatise("\u706b\u707e\u3002", language="zh") == ["\u706b\u707e"]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("text", ["\x00", "\ufffd\ufffd", "\U0001f525 B2 3.5%", "a" * 1000, "\n\t"])
def test_any_text_is_tagged(hanta, language, text):
    assert all(kind in PARTS_OF_SPEECH for _, _, kind in tag_words(text, language=language))


def test_another_language():
    with pytest.raises(ValueError, match="`language` must be one of"):
        tag_words("feu", language="fr")


def test_the_package_is_named(monkeypatch):
    parts_of_speech._english.cache_clear()
    monkeypatch.setitem(sys.modules, "HanTa", None)
    with pytest.raises(ImportError, match="pip install HanTa"):
        tag_words("fire")

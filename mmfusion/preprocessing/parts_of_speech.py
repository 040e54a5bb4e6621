"""The part of speech of each word, and its dictionary form, in English and Chinese."""

# ruff: noqa: RUF001 - curly apostrophes are meant

import functools
import re
import warnings

with warnings.catch_warnings():  # jieba looks for pkg_resources, which warns of its own end
    warnings.simplefilter("ignore")
    import jieba.posseg

from mmfusion.preprocessing.words import LANGUAGES

PARTS_OF_SPEECH = ("noun", "verb", "adjective", "adverb", "pronoun", "other", "mark")
# The first letters of the tags of HanTa's English model (those of the British National Corpus) and
# of jieba's Chinese one, the longest first.
ENGLISH = (
    *(("NN", "noun"), ("NP", "noun"), ("V", "verb"), ("AJ", "adjective"), ("AV", "adverb")),
    *(("PN", "pronoun"), ("DPS", "pronoun"), ("PU", "mark")),
)
CHINESE = (
    *(("n", "noun"), ("vn", "noun"), ("v", "verb"), ("a", "adjective"), ("d", "adverb")),
    *(("r", "pronoun"), ("x", "mark"), ("w", "mark")),
)
SHORTENED = re.compile(r"(?<=\w)(n't|'(?:s|m|d|re|ve|ll))\b", re.IGNORECASE)
TOKEN = re.compile(r"n't|'(?:s|m|d|re|ve|ll)\b|\w+(?:[-']\w+)*|[^\w\s]", re.IGNORECASE)


def tag_words(text: str, *, language: str = "en") -> list[tuple[str, str, str]]:
    """Tags each word with its dictionary form and its part of speech.

    English is tagged by HanTa, Chinese by jieba.

    Args:
        text: str.
        language: str, `"en"` or `"zh"`.

    Returns:
        List of tuples `(word, lemma, part)`, the part one of `PARTS_OF_SPEECH`. Marks are words of
        their own, and so is the shortened "n't".

    Raises:
        ImportError: if English is asked for and `HanTa` is not installed.
        ValueError: if `language` is another.

    Example:

    >>> tag_words("Alarms were ringing!")[:2]
    [('Alarms', 'alarm', 'noun'), ('were', 'be', 'verb')]

    Reference:
        [Wartena, 2019](https://doi.org/10.25968/opus-1527)
    """
    if language not in LANGUAGES:
        raise ValueError(f"`language` must be one of {LANGUAGES}. Received: language={language!r}")
    if language == "zh":
        pairs = [(pair.word, pair.flag) for pair in _chinese().cut(text) if pair.word.strip()]
        return [(word, word, _part(flag, CHINESE)) for word, flag in pairs]
    tokens = TOKEN.findall(SHORTENED.sub(r" \1", text.replace("’", "'")))
    tagged = _english().tag_sent(tokens, taglevel=1) if tokens else []
    return [(word, lemma.lower(), _part(tag, ENGLISH)) for word, lemma, tag in tagged]


def lemmatise(text: str, *, language: str = "en") -> list[str]:
    """The words of a text in their dictionary forms; marks are left out. See `tag_words`.

    Example:

    >>> lemmatise("The alarms were ringing.")
    ['the', 'alarm', 'be', 'ring']
    """
    return [lemma for _, lemma, part in tag_words(text, language=language) if part != "mark"]


def _part(tag, known):
    return next((part for start, part in known if tag.startswith(start)), "other")


@functools.cache
def _english():
    try:
        from HanTa import HanoverTagger
    except ImportError as error:
        raise ImportError("English words are tagged by a package: pip install HanTa") from error
    return HanoverTagger.HanoverTagger("morphmodel_en.pgz")


@functools.cache
def _chinese():
    """Jieba's tagger with its dictionary, read without the cache file it would share in /tmp."""
    tokeniser = jieba.Tokenizer()
    tokeniser.FREQ, tokeniser.total = tokeniser.gen_pfdict(tokeniser.get_dict_file())
    tokeniser.initialized = True
    return jieba.posseg.POSTokenizer(tokeniser)

"""How long and how hard to read a text is, and how it is written."""

import re
from collections.abc import Sequence

import numpy as np

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")  # noqa: RUF001 - a curly apostrophe is meant
SENTENCE_END = re.compile(r"[.!?。！？]+")  # noqa: RUF001 - so are Chinese stops
VOWELS = re.compile(r"[aeiouy]+")
LONG_LETTERS, HARD_SYLLABLES = 7, 3
NAMES = (
    "characters",
    "words",
    "sentences",
    "characters_a_word",
    "words_a_sentence",
    "long_words",
    "different_words",
    "hard_words",
    "reading_ease",
    "grade",
    "exclamations",
    "questions",
    "capitals",
)


def extract_text_shape(texts: Sequence[str]) -> np.ndarray:
    """Describes each text by its length, its readability and its marks, whatever its content.

    Args:
        texts: sequence of N str.

    Returns:
        float32 array `(N, 13)`, the columns named in `NAMES`: characters but for spaces, words and
        sentences; characters of a word and words of a sentence; the shares of words of 7 letters
        and more, of words that differ, and of words of 3 syllables and more; Flesch's reading ease
        and the Flesch-Kincaid grade, made for English; exclamation and question marks of a
        sentence; and the share of capitals among letters. A text without words yields zeros but for
        its characters and marks.

    Raises:
        TypeError: if a text is not str.

    Example:

    >>> extract_text_shape(["The cat sat on the mat."])[0, [1, 2, 8]].round(1)
    array([  6. ,   1. , 116.1], dtype=float32)

    Reference:
        [Flesch, 1948](https://doi.org/10.1037/h0057532),
        [Kincaid et al., 1975](https://apps.dtic.mil/sti/citations/ADA006655)
    """
    return np.array([_describe(text) for text in texts], np.float32).reshape(-1, len(NAMES))


def _describe(text):
    if not isinstance(text, str):
        raise TypeError(f"`texts` must be str. Received: {type(text).__name__}")
    words = WORD.findall(text)
    sentences = max(1, sum(1 for part in SENTENCE_END.split(text) if WORD.search(part)))
    characters = sum(not letter.isspace() for letter in text)
    marks = [len(re.findall(pattern, text)) / sentences for pattern in ("[!！]", "[?？]")]  # noqa: RUF001
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters) / max(len(letters), 1)
    if not words:
        return [characters, *[0.0] * 9, *marks, capitals]
    count = len(words)
    syllables = [_syllables(word) for word in words]
    words_a_sentence, syllables_a_word = count / sentences, sum(syllables) / count
    return [
        *(characters, count, sentences),
        *(sum(map(len, words)) / count, words_a_sentence),
        sum(len(word) >= LONG_LETTERS for word in words) / count,
        len({word.lower() for word in words}) / count,
        sum(many >= HARD_SYLLABLES for many in syllables) / count,
        206.835 - 1.015 * words_a_sentence - 84.6 * syllables_a_word,
        0.39 * words_a_sentence + 11.8 * syllables_a_word - 15.59,
        *marks,
        capitals,
    ]


def _syllables(word):
    """Runs of vowels, less a silent e at the end."""
    word = word.lower()
    runs = len(VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and runs > 1
    return max(1, runs - silent)

"""How a text is built: which kinds of words it has, and the phrases that they make."""

import re

import numpy as np

KINDS = ("noun", "verb", "adjective", "adverb", "pronoun", "other", "mark")
PHRASE = re.compile("a*n+")


def extract_syntax(tagged):
    """Describes each text by its kinds of words and its noun phrases.

    Args:
        tagged: sequence of N lists of tuples `(word, lemma, kind)`, as
            `mm.preprocessing.tag_words` gives them.

    Returns:
        float32 array `(N, 10)`: the share of nouns, verbs, adjectives, adverbs, pronouns, other
        words and marks; noun phrases of a word, the mean number of words in one, and the share of
        words that are in one. An empty text gives zeros.

    Example:

    >>> extract_syntax([[("old", "old", "adjective"), ("house", "house", "noun")]])[0, [0, 7, 8]]
    array([0.5, 0.5, 2. ], dtype=float32)
    """
    described = np.zeros((len(tagged), len(KINDS) + 3), np.float32)
    for row, words in enumerate(tagged):
        if not words:
            continue
        kinds = [kind for _, _, kind in words]
        lengths = [len(phrase.split()) for phrase in noun_phrases(words)]
        described[row, : len(KINDS)] = [kinds.count(kind) / len(kinds) for kind in KINDS]
        if lengths:
            per_word = len(lengths) / len(kinds)
            described[row, len(KINDS) :] = per_word, np.mean(lengths), sum(lengths) / len(kinds)
    return described


def noun_phrases(tagged):
    """Runs of adjectives and the nouns after them.

    Args:
        tagged: list of tuples `(word, lemma, kind)`.

    Returns:
        List of str, the words of each phrase with single spaces.

    Example:

    >>> noun_phrases([("dark", "dark", "adjective"), ("street", "street", "noun")])
    ['dark street']
    """
    letters = "".join({"adjective": "a", "noun": "n"}.get(kind, ".") for _, _, kind in tagged)
    return [
        " ".join(word for word, _, _ in tagged[found.start() : found.end()])
        for found in PHRASE.finditer(letters)
    ]

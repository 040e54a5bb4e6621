"""How a text is built: its parts of speech, its noun phrases, and what depends on what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from spacy.language import Language


PARTS_OF_SPEECH = ("noun", "verb", "adjective", "adverb", "pronoun", "other", "mark")
PHRASE = re.compile("a*n+")


def extract_syntax(tagged: Sequence[list[tuple[str, str, str]]]) -> np.ndarray:
    """Describes each text by its parts of speech and its noun phrases.

    Args:
        tagged: sequence of N lists of tuples `(word, lemma, part)`, as
            `mm.preprocessing.tag_words` returns them.

    Returns:
        float32 array `(N, 10)`: the share of nouns, verbs, adjectives, adverbs, pronouns, other
        words and marks; noun phrases of a word, the mean number of words in one, and the share of
        words that are in one. An empty text yields zeros.

    Example:

    >>> extract_syntax([[("old", "old", "adjective"), ("house", "house", "noun")]])[0, [0, 7, 8]]
    array([0.5, 0.5, 2. ], dtype=float32)
    """
    described = np.zeros((len(tagged), len(PARTS_OF_SPEECH) + 3), np.float32)
    for row, words in enumerate(tagged):
        if not words:
            continue
        parts = [part for _, _, part in words]
        lengths = [len(phrase.split()) for phrase in noun_phrases(words)]
        described[row, : len(PARTS_OF_SPEECH)] = [
            parts.count(part) / len(parts) for part in PARTS_OF_SPEECH
        ]
        if lengths:
            per_word = len(lengths) / len(parts)
            described[row, len(PARTS_OF_SPEECH) :] = (
                per_word,
                np.mean(lengths),
                sum(lengths) / len(parts),
            )
    return described


def noun_phrases(tagged: list[tuple[str, str, str]]) -> list[str]:
    """Runs of adjectives and the nouns after them.

    Args:
        tagged: list of tuples `(word, lemma, part)`.

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


LONGEST = 100_000  # characters; spaCy's parser wants a gigabyte for so many
UNUSED = ("lemmatizer", "ner", "textcat")
RELATIONS = {  # names of Universal Dependencies and of ClearNLP, which spaCy's English ones use
    "subject": {"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"},
    "object": {"obj", "dobj", "iobj", "dative", "pobj", "obl"},
    "clause": {"ccomp", "xcomp", "pcomp", "advcl", "acl", "relcl", "csubj", "csubjpass"},
    "modifier": {"amod", "advmod", "nmod", "nummod", "compound", "poss", "npadvmod"},
    "conjunct": {"conj", "cc"},
    "passive": {"nsubjpass", "csubjpass", "auxpass", "nsubj:pass", "csubj:pass", "aux:pass"},
    "negation": {"neg"},
}


def load_parser(name: str) -> Language:
    """Loads a pipeline of spaCy that has been installed; nothing is downloaded.

    Args:
        name: str. Its name, as `en_core_web_sm`, or the path of its folder.

    Returns:
        spaCy Language.

    Raises:
        FileNotFoundError: if there is no such pipeline.
        ImportError: if spaCy is not installed.
        ValueError: if the pipeline predicts no dependencies.
    """
    try:
        import spacy
    except ImportError as error:
        raise ImportError("Dependencies need a package: pip install 'mmfusion[syntax]'") from error
    try:
        parser = spacy.load(name, exclude=UNUSED)
    except OSError as error:
        raise FileNotFoundError(
            "No pipeline of spaCy of this name or in this folder; the English one is installed by "
            f"`python -m spacy download en_core_web_sm`. Received: {name}"
        ) from error
    if not parser("one word").has_annotation("DEP"):
        raise ValueError(f"The pipeline {name!r} must have a parser. Received: {parser.pipe_names}")
    return parser


def extract_dependencies(texts: Sequence[str], parser: Language) -> np.ndarray:
    """Describes each text by the trees that its words make.

    Args:
        texts: sequence of N str. What goes beyond 100 000 characters is not read.
        parser: spaCy Language, as `load_parser` returns it.

    Returns:
        float32 array `(N, 12)`: the share of words that are a subject, an object, the head of a
        clause, a modifier, joined to another, passive, a negation; words in a sentence; how deep
        words lie in their tree, in the mean and at most; how far they are from what they depend on,
        in tokens; and the share of those that stand before it. No words yield zeros.

    Reference:
        [Liu, 2008](https://doi.org/10.17791/jcs.2008.9.2.159) on the distance
    """
    described = np.zeros((len(texts), len(RELATIONS) + 5), np.float32)
    for row, parsed in enumerate(parser.pipe(text[:LONGEST] for text in texts)):
        words = [token for token in parsed if not token.is_punct and not token.is_space]
        if words:
            described[row] = [*_shares(words), len(words) / len({*parsed.sents}), *_shape(words)]
    return described


def _shares(words):
    """The share of words in each of `RELATIONS`; `acl:relcl` counts as `acl` too."""
    named = [{word.dep_.lower(), word.dep_.lower().partition(":")[0]} for word in words]
    return [sum(bool(names & some) for names in named) / len(words) for some in RELATIONS.values()]


def _shape(words):
    """Mean and greatest depth, mean distance to the head, and the share of words before it."""
    depths = [sum(1 for _ in word.ancestors) for word in words]
    ahead = [word.head.i - word.i for word in words if word.head.i != word.i]
    if not ahead:
        return np.mean(depths), max(depths), 0, 0
    return np.mean(depths), max(depths), np.mean(np.abs(ahead)), np.mean(np.array(ahead) > 0)

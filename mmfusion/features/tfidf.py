"""Words of texts, weighed by how few texts have them (tf-idf), with n-grams."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize


@dataclasses.dataclass(frozen=True)
class TfIdf:
    """Turns texts into weights of known words and runs of words.

    Args:
        vocabulary: tuple of str. Words and runs of words with single spaces.
        weights: tuple of float. The inverse document frequency of each.

    Call arguments:
        texts: sequence of str, words parted by spaces as `mm.preprocessing.TextCleaning` does.

    Returns:
        float32 array `(N, D)`, one column for each of `vocabulary`, rows of length 1. A text
        without a known word yields zeros, no texts yield no rows.

    Raises:
        ValueError: if the lengths differ, or if there is no word.

    Example:

    >>> tfidf = fit_tfidf(["fire fire", "no fire"], longest=1)
    >>> tfidf.vocabulary
    ('fire', 'no')
    >>> tfidf(["fire", "calm"])
    array([[1., 0.],
           [0., 0.]], dtype=float32)

    Reference:
        [Spärck Jones, 1972](https://doi.org/10.1108/eb026526)
    """

    vocabulary: tuple[str, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.vocabulary or len(self.vocabulary) != len(self.weights):
            raise ValueError(
                "`vocabulary` and `weights` must be of one length, at least 1. "
                f"Received: {len(self.vocabulary)} words, {len(self.weights)} weights"
            )
        object.__setattr__(self, "vocabulary", tuple(self.vocabulary))
        object.__setattr__(self, "weights", tuple(self.weights))

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        if not len(texts):
            return np.zeros((0, len(self.vocabulary)), np.float32)
        longest = 1 + max(words.count(" ") for words in self.vocabulary)
        counts = _counter(longest, vocabulary=self.vocabulary).transform(texts)
        return normalize(counts.multiply(self.weights)).toarray().astype(np.float32)

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON can hold them."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> TfIdf:
        """The inverse of `to_dict`. An unknown field is a `TypeError`."""
        return cls(**fields)


def fit_tfidf(
    texts: Sequence[str], *, longest: int = 2, size: int = 1_000, fewest: int = 1
) -> TfIdf:
    """Learns the words of texts and how rare they are.

    Args:
        texts: sequence of str, words parted by spaces.
        longest: int. Words in a run at most; 1 takes single words only.
        size: int. Most words and runs kept, the commonest of those that `fewest` leaves.
        fewest: int. Texts that must have a word.

    Returns:
        `TfIdf`.

    Raises:
        ValueError: if a setting is below 1, or if no word is left.
    """
    for name, value in {"longest": longest, "size": size, "fewest": fewest}.items():
        if value < 1:
            raise ValueError(f"`{name}` must be at least 1. Received: {name}={value}")
    if not any(text.split() for text in texts):
        raise ValueError("`texts` must hold at least one word. Received: none")
    counter = _counter(longest)
    counts = counter.fit_transform(texts)
    having = np.asarray((counts > 0).sum(axis=0))[0]  # (D,)
    kept = np.flatnonzero(having >= fewest)
    commonest = np.argsort(-np.asarray(counts.sum(axis=0))[0, kept], kind="stable")
    kept = np.sort(kept[commonest[:size]])
    words = counter.get_feature_names_out()[kept].tolist()
    weights = np.log((1 + len(texts)) / (1 + having[kept])) + 1
    return TfIdf(tuple(words), tuple(weights.tolist()))


def _counter(longest, **settings):
    return CountVectorizer(token_pattern=r"\S+", ngram_range=(1, longest), **settings)

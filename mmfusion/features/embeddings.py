"""Texts as vectors, and words as the first weights of an `Embedding`, by any kind of vectors."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mmfusion.layers.text.tokens import FIRST_WORD, split_words

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

    from mmfusion.features.bert import BertEncoder


logger = logging.getLogger(__name__)


def encode(
    vectors: KeyedVectors | BertEncoder, texts: Sequence[str] | Sequence[list[str]]
) -> np.ndarray:
    """Texts as vectors.

    Args:
        vectors: gensim KeyedVectors, as `train_word2vec`, `train_fasttext` and `load_word_vectors`
            return them, or a `BertEncoder`.
        texts: sequence of N str, or of N lists of str: words that are split already. Other texts
            are split as the Preprocessor splits them; BERT splits them in its own way.

    Returns:
        float32 array `(N, D)`: the mean of what each word, or subword token, has. Words
        without a vector are passed over, and their number is logged; a text of none but such is
        zeros.

    Example:

    >>> vectors = mm.features.train_word2vec([["fire", "alarm"]], units=4, epochs=1)
    >>> encode(vectors, ["Dragons.", ""])[0]
    array([0., 0., 0., 0.], dtype=float32)
    """
    _tell(*count_unknown(vectors, texts))
    return _encoded(vectors, texts)


def embedding_matrix(
    vectors: KeyedVectors | BertEncoder,
    vocabulary: Sequence[str],
    size: int | None = None,
    *,
    seed: int = 0,
) -> np.ndarray:
    """The first weights of an `Embedding` over the Preprocessor's token ids.

    Args:
        vectors: as of `encode`.
        vocabulary: sequence of str, as that of the Preprocessor.
        size: int. Rows V, `spec.vocabulary_size`; as many as are needed by default.
        seed: int. Of the small random vectors that unknown words start with.

    Returns:
        float32 array `(V, D)`: zeros for padding, then the unknown word, then the vocabulary.
    """
    size = len(vocabulary) + FIRST_WORD if size is None else size
    words = list(vocabulary[: size - FIRST_WORD])
    known = [at for at, word in enumerate(words) if word in vectors]
    found = _encoded(vectors, [[words[at]] for at in known])
    _tell(len(words) - len(known), len(words))
    spread = 0.1 * float(np.std(found)) if known else 0.1
    matrix = np.random.default_rng(seed).normal(0, spread, (size, found.shape[1]))
    matrix[0] = 0
    matrix[np.array(known, int) + FIRST_WORD] = found
    return matrix.astype(np.float32)


def count_unknown(vectors: KeyedVectors | BertEncoder, texts: Sequence[Any]) -> tuple[int, int]:
    """How many words of texts have no vector, and how many there are; of BERT, subword tokens.

    Example:

    >>> vectors = mm.features.train_word2vec([["fire", "alarm"]], units=4, epochs=1)
    >>> count_unknown(vectors, ["Fire dragons.", "Alarm"])
    (1, 3)
    """
    if callable(vectors):
        return vectors.count_unknown(texts)
    words = [word for words in _words(texts) for word in words]
    return sum(word not in vectors for word in words), len(words)


def _encoded(vectors, texts):
    if callable(vectors):
        return vectors([text if isinstance(text, str) else " ".join(text) for text in texts])
    encoded = np.zeros((len(texts), vectors.vector_size), np.float32)
    for row, words in enumerate(_words(texts)):
        known = [word for word in words if word in vectors]
        if known:
            encoded[row] = vectors[known].mean(axis=0)
    return encoded


def _words(texts):
    """The words of each text, a list of N lists of str."""
    parted = list(texts)
    whole = [at for at, text in enumerate(parted) if isinstance(text, str)]
    if whole:
        split = split_words([parted[at] for at in whole]).to_list()
        for at, words in zip(whole, split, strict=True):
            parted[at] = [word.decode() for word in words]
    return parted


def _tell(unknown, count):
    logger.info("%d of %d words have no vector", unknown, count)

"""The feature sets of words by the names that people type; none of them reads a label."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from mmfusion.features.bert import BertEncoder
from mmfusion.features.embeddings import encode
from mmfusion.features.syntax import extract_dependencies, extract_syntax, load_parser
from mmfusion.features.text_shape import extract_text_shape
from mmfusion.features.tfidf import fit_tfidf
from mmfusion.features.word_vectors import train_fasttext, train_word2vec
from mmfusion.preprocessing.parts_of_speech import tag_words
from mmfusion.preprocessing.text_cleaning import TextCleaning


def tfidf(texts: Sequence[str], cleaning: TextCleaning) -> np.ndarray:
    """Weights of the commonest words and pairs of words, `(N, D)`."""
    cleaned = [cleaning(text) for text in texts]
    if not any(cleaned):
        return np.zeros((len(texts), 0), np.float32)
    return fit_tfidf(cleaned)(cleaned)


def word2vec(texts: Sequence[str], cleaning: TextCleaning) -> np.ndarray:
    """Means of word vectors that are trained on these very texts, `(N, D)`."""
    return _means(train_word2vec, texts, cleaning)


def fasttext(texts: Sequence[str], cleaning: TextCleaning) -> np.ndarray:
    """The same by FastText, which also reads parts of words, `(N, D)`."""
    return _means(train_fasttext, texts, cleaning)


def shape(texts: Sequence[str], cleaning: TextCleaning) -> np.ndarray:
    """How long and how hard to read they are, and how they are written, `(N, 13)`."""
    return extract_text_shape(texts)


def syntax(texts: Sequence[str], cleaning: TextCleaning) -> np.ndarray:
    """Which parts of speech they have, and their noun phrases, `(N, 10)`."""
    return extract_syntax([tag_words(text, language=cleaning.language) for text in texts])


def dependencies(texts: Sequence[str], cleaning: TextCleaning, *, parser: str) -> np.ndarray:
    """What depends on what in them, by a pipeline of spaCy that is installed, `(N, 12)`."""
    return extract_dependencies(texts, load_parser(parser))


def bert(texts: Sequence[str], cleaning: TextCleaning, *, checkpoint: str | Path) -> np.ndarray:
    """What a BERT in a local folder returns for them, as they stand, `(N, D)`."""
    return BertEncoder(checkpoint)(texts)


def _means(train, texts, cleaning):
    sentences = [cleaning(text).split() for text in texts]
    if not any(sentences):
        return np.zeros((len(texts), 0), np.float32)
    return encode(train(sentences), sentences)


WORD_SETS: dict[str, Callable] = {
    "bert": bert,
    "dependencies": dependencies,
    "fasttext": fasttext,
    "shape": shape,
    "syntax": syntax,
    "tfidf": tfidf,
    "word2vec": word2vec,
}

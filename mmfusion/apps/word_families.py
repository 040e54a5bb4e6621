"""The families of features of words by the names that people type; none of them sees a label."""

import numpy as np

from mmfusion.features.tfidf import fit_tfidf
from mmfusion.features.word_vectors import encode_words, train_word2vec


def tfidf(texts, cleaning):
    """Weights of the commonest words and pairs of words, `(N, D)`."""
    cleaned = [cleaning(text) for text in texts]
    if not any(cleaned):
        return np.zeros((len(texts), 0), np.float32)
    return fit_tfidf(cleaned)(cleaned)


def word2vec(texts, cleaning):
    """Means of word vectors that are trained on these very texts, `(N, D)`."""
    sentences = [cleaning(text).split() for text in texts]
    if not any(sentences):
        return np.zeros((len(texts), 0), np.float32)
    return encode_words(train_word2vec(sentences), sentences)


WORD_FAMILIES = {"tfidf": tfidf, "word2vec": word2vec}

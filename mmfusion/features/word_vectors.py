"""Word vectors: Word2Vec trained on a corpus, or loaded, as the weights of a Keras `Embedding`."""

import itertools
import logging
from pathlib import Path

import numpy as np
import smart_open
from gensim.models import KeyedVectors, Word2Vec

from mmfusion.layers.tokens import FIRST_WORD

logger = logging.getLogger(__name__)


def train_word2vec(sentences, *, units=64, window=5, epochs=30, seed=0):
    """Trains Word2Vec (skip-gram) on tokenised sentences.

    Args:
        sentences: sequence of lists of str.
        units: int. Width D of a vector.
        window: int. Words seen to either side.
        epochs: int.
        seed: int. Same seed, same vectors.

    Returns:
        gensim KeyedVectors of every word that occurs.

    Raises:
        ValueError: if there is no word.

    Reference:
        [Mikolov et al., 2013](https://arxiv.org/abs/1301.3781)
    """
    sentences = [list(words) for words in sentences if words]
    if not sentences:
        raise ValueError("Word2Vec needs at least one word. Received: no sentence with words")
    model = Word2Vec(
        sentences,
        vector_size=units,
        window=window,
        epochs=epochs,
        min_count=1,
        sg=1,
        seed=seed,
        workers=1,
    )
    return model.wv


def load_word_vectors(path, *, limit=None):
    """Loads GloVe or word2vec vectors: text (`.txt`, `.vec`), word2vec binary (`.bin`), or `.gz`.

    Args:
        path: Path. Nothing in it is unpickled.
        limit: int. Read only the first so many words.

    Returns:
        gensim KeyedVectors.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file, if it holds no word vectors.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"No word vectors at this path. Received: {path}")
    binary = ".bin" in path.suffixes
    try:
        if not binary and _is_headless(path):
            return _read_glove(path, limit)
        return KeyedVectors.load_word2vec_format(str(path), binary=binary, limit=limit)
    except (ValueError, EOFError, OSError, IndexError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not word vectors. Received: {error}") from error


def embedding_matrix(vectors, vocabulary, size, *, seed=0):
    """The first weights of an `Embedding` over the Preprocessor's token ids.

    Args:
        vectors: gensim KeyedVectors.
        vocabulary: sequence of str, as given to the Preprocessor.
        size: int. Rows V, `spec.vocabulary_size`.
        seed: int. Of the small random vectors that unknown words start with.

    Returns:
        float32 array `(V, D)`: zeros for padding, then the unknown word, then the vocabulary.
    """
    spread = 0.1 * float(np.std(vectors.vectors))
    matrix = np.random.default_rng(seed).normal(0, spread, (size, vectors.vector_size))
    matrix[0] = 0
    unknown = 0
    for row, word in enumerate(vocabulary[: size - FIRST_WORD], start=FIRST_WORD):
        if word in vectors:
            matrix[row] = vectors[word]
        else:
            unknown += 1
    logger.info("%d of %d words have no vector", unknown, len(vocabulary))
    return matrix.astype(np.float32)


def encode_words(vectors, sentences):
    """Texts as the means of their words' vectors.

    Args:
        vectors: gensim KeyedVectors.
        sentences: sequence of N lists of str.

    Returns:
        float32 array `(N, D)`. Unknown words are passed over; a text of none but such gives zeros.

    Example:

    >>> vectors = train_word2vec([["fire", "alarm"]], units=4, epochs=1)
    >>> encode_words(vectors, [["fire", "dragon"], []])[1]
    array([0., 0., 0., 0.], dtype=float32)
    """
    encoded = np.zeros((len(sentences), vectors.vector_size), np.float32)
    unknown = 0
    for row, words in enumerate(sentences):
        known = [word for word in words if word in vectors]
        unknown += len(words) - len(known)
        if known:
            encoded[row] = vectors[known].mean(axis=0)
    logger.info("%d of %d words have no vector", unknown, sum(map(len, sentences)))
    return encoded


def _is_headless(path):
    """GloVe files lack word2vec's first line of two counts."""
    with smart_open.open(path, "rb") as file:
        return len(file.readline().split()) != 2


def _read_glove(path, limit):
    """A word and its numbers on each line; gensim's own reader leaves such a file open."""
    words, rows = [], []
    with smart_open.open(path, encoding="utf-8", errors="replace") as file:
        for line in itertools.islice(file, limit):
            word, *numbers = line.rstrip().split(" ")
            words.append(word)
            rows.append(np.array(numbers, np.float32))
    vectors = KeyedVectors(len(rows[0]))
    vectors.add_vectors(words, np.stack(rows))
    return vectors

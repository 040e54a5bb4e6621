"""Word vectors: trained with Word2Vec or FastText, loaded from files and saved to them."""

import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import smart_open
from gensim.models import FastText, KeyedVectors, Word2Vec
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from mmfusion.files import replacing

SAFE = ".safetensors"


def train_word2vec(
    sentences: Sequence[list[str]],
    *,
    units: int = 64,
    window: int = 5,
    epochs: int = 30,
    seed: int = 0,
    start: KeyedVectors | None = None,
) -> KeyedVectors:
    """Trains Word2Vec (skip-gram) on tokenised sentences.

    Args:
        sentences: sequence of lists of str.
        units: int. Width D of a vector.
        window: int. Context words to either side.
        epochs: int.
        seed: int. Same seed, same vectors.
        start: gensim KeyedVectors of width D, to go on from; its words are kept.

    Returns:
        gensim KeyedVectors of every word that occurs.

    Raises:
        ValueError: if there is no word, or if `start` has another width.

    Reference:
        [Mikolov et al., 2013](https://arxiv.org/abs/1301.3781)
    """
    settings = {"vector_size": units, "window": window, "seed": seed}
    return train_vectors(Word2Vec, sentences, settings, epochs=epochs, start=start)


def train_vectors(
    model_class: type,
    sentences: Sequence[list[str]],
    settings: Mapping[str, Any],
    *,
    epochs: int,
    start: KeyedVectors | None,
) -> KeyedVectors:
    """Trains a model of gensim's on sentences; what `train_word2vec` and `train_fasttext` share."""
    sentences = [list(words) for words in sentences if words]
    if not sentences:
        raise ValueError("Word vectors need at least one word. Received: no sentence with words")
    if start is not None and start.vector_size != settings["vector_size"]:
        raise ValueError(
            f"`start` must be of width {settings['vector_size']}. Received: {start.vector_size}"
        )
    model = model_class(min_count=1, sg=1, workers=1, **settings)
    known = [] if start is None else [[word] for word in start.index_to_key]
    model.build_vocab([*sentences, *known])
    if start is not None:
        for word in start.index_to_key:
            model.wv.vectors[model.wv.key_to_index[word]] = start[word]
    model.train(sentences, total_examples=len(sentences), epochs=epochs)
    return model.wv


def load_word_vectors(path: str | Path, *, limit: int | None = None) -> KeyedVectors:
    """Loads GloVe or word2vec vectors: text (`.txt`, `.vec`), word2vec binary (`.bin`), either as
    `.gz`, or `.safetensors`.

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
        if path.suffix == SAFE:
            return _read_safe(path, limit)
        if not binary and _is_headless(path):
            return _read_glove(path, limit)
        return KeyedVectors.load_word2vec_format(str(path), binary=binary, limit=limit)
    except (ValueError, EOFError, OSError, LookupError, SafetensorError) as error:
        raise ValueError(f"{path}: not word vectors. Received: {error}") from error


def save_word_vectors(path: str | Path, vectors: KeyedVectors) -> None:
    """Saves vectors for `load_word_vectors`, as text or, exactly and smaller, as `.safetensors`.

    Args:
        path: Path that ends in `.safetensors`, or in anything else for word2vec's text.
        vectors: gensim KeyedVectors. Of FastText, the words that it was trained on.
    """
    with replacing(path) as temporary:
        if Path(path).suffix == SAFE:
            words = json.dumps(vectors.index_to_key, ensure_ascii=False)
            save_file({"vectors": vectors.vectors}, temporary, metadata={"words": words})
        else:
            vectors.save_word2vec_format(str(temporary), binary=False)


def _is_headless(path):
    """GloVe files lack word2vec's first line of two counts."""
    with smart_open.open(path, "rb") as file:
        return len(file.readline().split()) != 2


def _read_safe(path, limit):
    with safe_open(path, "numpy") as file:
        words, rows = json.loads(file.metadata()["words"]), file.get_slice("vectors")[:limit]
    vectors = KeyedVectors(rows.shape[1])
    vectors.add_vectors(words[:limit], rows)
    return vectors


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


def train_fasttext(
    sentences: Sequence[list[str]],
    *,
    units: int = 64,
    window: int = 5,
    epochs: int = 30,
    seed: int = 0,
    start: KeyedVectors | None = None,
) -> KeyedVectors:
    """Trains FastText (skip-gram), which makes vectors of unknown words from their letters.

    See `train_word2vec` for the arguments.

    Returns:
        gensim FastTextKeyedVectors.

    Raises:
        ValueError: if there is no word, or if `start` has another width.

    Reference:
        [Bojanowski et al., 2017](https://doi.org/10.1162/tacl_a_00051)
    """
    settings = {"vector_size": units, "window": window, "seed": seed, "bucket": 100_000}
    return train_vectors(FastText, sentences, settings, epochs=epochs, start=start)

"""The words of a corpus of arrays: their vocabulary, and a branch over Word2Vec of its own rows."""

import functools

from mmfusion.branches.word_lstm import word_lstm
from mmfusion.data.vocabulary import sentences, vocabulary
from mmfusion.features.bert import BertEncoder
from mmfusion.features.embeddings import embedding_matrix
from mmfusion.features.word_vectors import train_word2vec
from mmfusion.specs import Clip

MOST_WORDS = 8_190


def text_encoder(folder):
    """The BERT in a folder, or `None` where no folder is given.

    Raises:
        FileNotFoundError: if there is no such folder.
        ValueError: if it holds no BERT, or the package that reads one is missing.
    """
    try:
        return folder and BertEncoder(folder)
    except ImportError as error:
        raise ValueError(f"`text_encoder`: {error}. Received: {folder}") from error


def word_clips(rows):
    """The texts of all word arrays, each as a clip.

    Args:
        rows: Arrays.

    Returns:
        dict of modality to list of `Clip`.
    """
    return {
        name: [
            Clip(str(at), text=str(text))
            for at, text in enumerate(rows.tensors[name].ravel())
            if text
        ]
        for name in rows.modalities
        if rows.tensors[name].dtype.kind == "U"
    }


def array_vocabulary(clips):
    """The most frequent words of all word arrays together, as `word_clips` gives them."""
    return vocabulary([clip for each in clips.values() for clip in each], MOST_WORDS)


def word_branches(clips, words, options):
    """A text branch for each word array, over Word2Vec trained on its texts.

    Args:
        clips: dict, as `word_clips` gives it for the rows to train on.
        words: sequence of str, the vocabulary.
        options: Options of `mmfusion train`.

    Returns:
        dict of modality to branch.
    """
    branches = {}
    for name, texts in clips.items():
        size = len(words) + 2
        vectors = train_word2vec(sentences(texts), units=options.units, seed=options.seed)
        branches[name] = functools.partial(
            word_lstm,
            vocabulary_size=size,
            units=options.units,
            dropout=options.dropout,
            embeddings=embedding_matrix(vectors, words, size, seed=options.seed),
        )
    return branches

"""The words of a corpus: vocabulary and word vectors of the rows to train on alone."""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence

from mmfusion.branches.word_lstm import word_lstm
from mmfusion.data.arrays import Arrays
from mmfusion.data.vocabulary import sentences, vocabulary
from mmfusion.features.embeddings import embedding_matrix
from mmfusion.features.word_vectors import load_word_vectors, train_word2vec
from mmfusion.options.network import Network
from mmfusion.specs import Clip

MOST_WORDS = 8_190
Texts = Mapping[str, Sequence[Clip]]


def array_texts(rows: Arrays) -> dict[str, list[Clip]]:
    """The texts of the word arrays among `Arrays`, each as a clip, by modality."""
    return {
        name: [
            Clip(str(at), text=str(text))
            for at, text in enumerate(rows.tensors[name].ravel())
            if text
        ]
        for name in rows.modalities
        if rows.tensors[name].dtype.kind == "U"
    }


def vocabulary_of(texts: Texts, *, cleaning: Sequence[str] = ()) -> list[str]:
    """The most frequent words of all modalities together.

    Args:
        texts: dict of modality to the clips whose words are read.
        cleaning: sequence of str. That of the spec.

    Returns:
        List of str; empty where there are no words.
    """
    clips = [clip for each in texts.values() for clip in each]
    return vocabulary(clips, MOST_WORDS, cleaning=cleaning)


def word_branches(
    texts: Texts,
    words: Sequence[str],
    network: Network,
    *,
    size: int,
    seed: int,
    cleaning: Iterable[str] = (),
) -> dict[str, Callable]:
    """A branch for each modality of words, over given vectors or Word2Vec of its own texts.

    Args:
        texts: dict, as of `vocabulary_of`, of the rows to train on.
        words: sequence of str, the vocabulary.
        network: Network.
        size: int. Token ids, padding and the unknown word included.
        seed: int. Of Word2Vec and of the vectors of words that it lacks.
        cleaning: sequence of str. That of the spec.

    Returns:
        dict of modality to branch; empty where there are no words.
    """
    branches: dict[str, Callable] = {}
    for name, clips in texts.items() if words else ():
        if network.word_vectors:
            vectors = load_word_vectors(network.word_vectors)
        else:
            spoken = sentences(clips, cleaning=tuple(cleaning))
            vectors = train_word2vec(spoken, units=network.units, seed=seed)
        branches[name] = functools.partial(
            word_lstm,
            vocabulary_size=size,
            units=network.units,
            dropout=network.dropout,
            embeddings=embedding_matrix(vectors, words, size, seed=seed),
        )
    return branches

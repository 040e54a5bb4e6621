"""The text branch of a training: over given word vectors, or over Word2Vec of its own clips."""

import functools

from mmfusion.branches.word_lstm import word_lstm
from mmfusion.data.vocabulary import sentences, vocabulary
from mmfusion.features.embeddings import embedding_matrix
from mmfusion.features.word_vectors import load_word_vectors, train_word2vec


def words_of(clips, spec):
    """The vocabulary of clips, as cleaning leaves their words; empty where words are not looked at.

    Args:
        clips: Sequence of `Clip`, the readable ones to train on.
        spec: ClipSpec.

    Returns:
        List of str.
    """
    if "text" not in spec.modalities:
        return []
    return vocabulary(clips, spec.vocabulary_size, cleaning=spec.cleaning)


def word_branch(clips, words, spec, options):
    """The text branch over the vectors of `options`, or over Word2Vec trained on these clips.

    Args:
        clips: Sequence of `Clip`, the readable ones to train on.
        words: Sequence of str, the vocabulary.
        spec: ClipSpec.
        options: Options of `mmfusion train`.

    Returns:
        dict of `"text"` to the branch; empty where there are no words.
    """
    if not words:
        return {}
    if options.word_vectors:
        vectors = load_word_vectors(options.word_vectors)
    else:
        said = sentences(clips, cleaning=spec.cleaning)
        vectors = train_word2vec(said, units=options.units, seed=options.seed)
    branch = functools.partial(
        word_lstm,
        vocabulary_size=spec.vocabulary_size,
        units=options.units,
        embeddings=embedding_matrix(vectors, words, spec.vocabulary_size, seed=options.seed),
    )
    return {"text": branch}

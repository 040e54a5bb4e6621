"""Word vectors trained with FastText, which knows parts of words as well."""

from gensim.models import FastText

from mmfusion.features.word_vectors import train_vectors


def train_fasttext(sentences, *, units=64, window=5, epochs=30, seed=0, start=None):
    """Trains FastText (skip-gram), which gives words it never saw a vector by their letters.

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

"""The features of each modality as matrices of a fold, scaled by what is trained on alone."""

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer

WORDS = "text.tfidf"
QUANTILES = 100
WORD_LENGTH = 20.0  # rows of length 1 become as long as those of 400 standardised features
TOKEN = r"[^\W_]+(?:['’][^\W_]+)*|[!?]+|\.\.+"  # noqa: RUF001


def fold_blocks(table, train, test):
    """Matrices of each modality, standardised by the clips trained on.

    What a clip lacks becomes the median, and is not told. Weights of words are fitted afresh.

    Args:
        table: FeatureTable.
        train: int array of rows of the table.
        test: int array of rows of the table.

    Returns:
        dict of modality to a pair of matrices, of the rows to train on and of those to score;
        sparse where they hold weights of words.
    """
    blocks = {}
    for modality in table.modalities:
        names = [name for name in table.features if name.startswith(modality + ".")]
        dense = [table.features[name] for name in names if name != WORDS]
        parts = [_scaled(np.concatenate(dense, axis=1), train, test)] if dense else []
        if WORDS in names:
            parts.append(_weighed(table.words, train, test))
        blocks[modality] = tuple(join_blocks([part[at] for part in parts]) for at in (0, 1))
    return blocks


def join_blocks(matrices):
    """Matrices of the same rows beside each other; sparse if one of them is.

    Args:
        matrices: list of arrays or sparse matrices `(N, D_k)`.

    Returns:
        Array or sparse matrix `(N, D)`.
    """
    if any(sparse.issparse(matrix) for matrix in matrices):
        return sparse.csr_matrix(sparse.hstack(matrices))
    return np.concatenate(matrices, axis=1)


def _scaled(features, train, test):
    """Each feature spread as a normal distribution would be, whatever its own."""
    ranks = QuantileTransformer(
        n_quantiles=min(QUANTILES, len(train)), output_distribution="normal"
    )
    scale = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), ranks)
    return scale.fit_transform(features[train]), scale.transform(features[test])


def _weighed(words, train, test):
    """Sparse weights of the words and pairs of words that occur twice where it is trained."""
    texts = np.array(words, object)
    weigh = TfidfVectorizer(token_pattern=TOKEN, ngram_range=(1, 3), min_df=2, sublinear_tf=True)
    return [
        WORD_LENGTH * part
        for part in (weigh.fit_transform(texts[train]), weigh.transform(texts[test]))
    ]

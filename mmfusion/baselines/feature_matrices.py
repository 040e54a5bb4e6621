"""The feature sets as matrices of a fold, scaled by what is trained on alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, Normalizer, QuantileTransformer

from mmfusion.baselines.keypoints import count_keypoints
from mmfusion.data.feature_table import FeatureTable

WORDS, POINTS = "text.tfidf", "video.sift"
DIRECTED, DIRECTED_LENGTH = ("text.bert", "video.cnn", "video.cnn-changes"), 100.0
QUANTILES = 100
WORD_LENGTH = 20.0  # rows of length 1 become as long as those of 400 standardised features
TOKEN = r"[^\W_]+(?:['’][^\W_]+)*|[!?]+|\.\.+"  # noqa: RUF001


def fold_blocks(table: FeatureTable, train: np.ndarray, test: np.ndarray) -> dict[str, Any]:
    """Matrices of each feature set, scaled by the clips trained on.

    What a clip lacks becomes the median, and is not marked. Weights of words and the visual words
    are fitted afresh.

    Args:
        table: FeatureTable.
        train: int array of rows of the table.
        test: int array of rows of the table.

    Returns:
        dict of `"<modality>.<set>"` to a pair of matrices, of the rows to train on and of those
        to score; sparse where they hold weights of words.
    """
    blocks = {}
    for name, features in table.features.items():
        if name == WORDS:
            blocks[name] = _weighed(table.words, train, test)
        elif name == POINTS:
            blocks[name] = [
                DIRECTED_LENGTH * part for part in count_keypoints(features, train, test)
            ]
        elif features.shape[1]:
            scale = _directed() if name in DIRECTED else _spread(len(train))
            blocks[name] = scale.fit_transform(features[train]), scale.transform(features[test])
    return {name: pair for name, pair in blocks.items() if pair[0].shape[1]}


def join_blocks(
    matrices: Sequence[np.ndarray | sparse.csr_matrix],
) -> np.ndarray | sparse.csr_matrix:
    """Matrices of the same rows beside each other; sparse if one of them is.

    Args:
        matrices: list of arrays or sparse matrices `(N, D_k)`.

    Returns:
        Array or sparse matrix `(N, D)`.
    """
    if any(sparse.issparse(matrix) for matrix in matrices):
        return sparse.csr_matrix(sparse.hstack(matrices))
    return np.concatenate(matrices, axis=1)


def _spread(rows):
    """Each feature spread as a normal distribution would be, whatever its own."""
    ranks = QuantileTransformer(n_quantiles=min(QUANTILES, rows), output_distribution="normal")
    return make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), ranks)


def _directed():
    """Where a vector points is what counts of networks' features; strong ones are softened."""
    return make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        FunctionTransformer(_soften),
        Normalizer(),
        FunctionTransformer(_lengthen),
    )


def _soften(features):
    return np.sign(features) * np.sqrt(np.abs(features))


def _lengthen(features):
    return DIRECTED_LENGTH * features


def _weighed(words, train, test):
    """Sparse weights of the words and pairs of words that occur twice where it is trained."""
    texts = np.array(words, object)
    weigh = TfidfVectorizer(token_pattern=TOKEN, ngram_range=(1, 3), min_df=2, sublinear_tf=True)
    return [
        WORD_LENGTH * part
        for part in (weigh.fit_transform(texts[train]), weigh.transform(texts[test]))
    ]

import numpy as np
import pytest
from scipy import sparse
from scipy.stats import norm

from mmfusion.baselines.feature_matrices import fold_blocks, join_blocks
from mmfusion.baselines.keypoints import FRAMES, KEYPOINTS
from mmfusion.data.feature_table import FeatureTable
from mmfusion.features.sift import WIDTH

NAN = np.nan


@pytest.fixture
def table():
    return FeatureTable(
        ids=list("abcd"),
        columns={},
        features={
            "audio.mfcc": np.array([[1.0], [3.0], [NAN], [99.0]]),
            "text.tfidf": np.zeros((4, 1)),
            "video.color": np.array([[0.0], [2.0], [1.0], [1.0]]),
            "video.hog": np.array([[5.0], [5.0], [5.0], [7.0]]),
        },
        words=["no fire", "no fire", "fire", "dragon fire"],
        quarantined=[],
    )


def test_scaled_by_what_is_trained_on(table):
    blocks = fold_blocks(table, np.array([0, 1]), np.array([2, 3]))
    train, test = blocks["audio.mfcc"]
    low, high = norm.ppf([1e-7, 1 - 1e-7])  # where scikit-learn cuts both ends off
    np.testing.assert_allclose(train, [[low], [high]], rtol=1e-3)
    np.testing.assert_allclose(test, [[0], [high]], atol=1e-3)  # what is lacking is the median
    np.testing.assert_allclose(blocks["video.color"][0][:, 0], [low, high], rtol=1e-3)
    np.testing.assert_allclose(blocks["video.color"][1][:, 0], [0, 0], atol=1e-3)


def test_features_spread_as_a_normal_distribution(table):
    skewed = np.exp(np.random.default_rng(0).normal(size=(600, 1)) * 3)
    rows = np.arange(600)
    wide = FeatureTable([str(n) for n in rows], {}, {"audio.mfcc": skewed}, [""] * 600, [])
    train, test = fold_blocks(wide, rows[:300], rows[300:])["audio.mfcc"]
    for part, atol in ((train, 0.02), (test, 0.2)):
        np.testing.assert_allclose(
            np.quantile(part, [0.16, 0.5, 0.84]), norm.ppf([0.16, 0.5, 0.84]), atol=atol
        )


def test_words_that_are_only_tested_are_not_known(table):
    train, test = fold_blocks(table, np.array([0, 1]), np.array([2, 3]))["text.tfidf"]
    assert sparse.issparse(train)
    assert train.shape == (2, 3)  # "no", "fire", "no fire"
    np.testing.assert_allclose(sparse.linalg.norm(train, axis=1), 20)
    np.testing.assert_allclose(test.toarray()[0], test.toarray()[1])


def test_points_are_counted_by_words_learned_from_what_is_trained_on():
    points = np.random.default_rng(0).uniform(size=(3, FRAMES * KEYPOINTS * WIDTH))
    table = FeatureTable(list("abc"), {}, {"video.sift": points}, [""] * 3, [])
    train, test = fold_blocks(table, np.array([0, 1]), np.array([2]))["video.sift"]
    np.testing.assert_allclose(np.linalg.norm(train, axis=1), 100 * np.sqrt(2), rtol=1e-5)
    assert test.shape == (1, train.shape[1])
    points[:2] = 0
    assert fold_blocks(table, np.array([0, 1]), np.array([2])) == {}


def test_joined_matrices():
    dense, thin = np.ones((2, 1)), sparse.csr_matrix(np.zeros((2, 3)))
    assert join_blocks([dense, dense]).tolist() == [[1, 1], [1, 1]]
    assert join_blocks([dense, thin]).toarray().tolist() == [[1, 0, 0, 0]] * 2


def test_the_direction_of_a_networks_features():
    vectors = np.array([[9.0, 16.0], [-9.0, 16.0], [900.0, 1600.0]])
    table = FeatureTable(list("abc"), {}, {"video.cnn": vectors}, [""] * 3, [])
    train, test = fold_blocks(table, np.array([0, 1]), np.array([2]))["video.cnn"]
    np.testing.assert_allclose(train, [[60, 80], [-60, 80]])
    np.testing.assert_allclose(test, [[60, 80]])

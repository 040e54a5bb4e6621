import json

import numpy as np
import pytest

from mmfusion.features.visual_words import VisualWords, fit_visual_words

NONE = np.zeros((0, 2))


@pytest.fixture
def words():
    return VisualWords(((0.0, 0.0), (4.0, 0.0)))


def test_counts_by_hand(words):
    points = np.array([[1.0, 0], [0, 1], [5, 0]])
    np.testing.assert_allclose(words.count(points), [2 / 3, 1 / 3])
    np.testing.assert_array_equal(words.count(NONE), [0, 0])


def test_residuals_by_hand(words):
    points = np.array([[1.0, 0], [0, 1], [5, 0]])
    expected = np.array([1, 1, 1, 0]) / np.sqrt(3)  # (1, 1) about the first, (1, 0) about the other
    np.testing.assert_allclose(words.vlad(points), expected, rtol=1e-6)
    np.testing.assert_array_equal(words.vlad(NONE), np.zeros(4))


def test_the_clusters_are_found():
    rng = np.random.default_rng(0)
    points = [rng.normal(middle, 0.1, (50, 2)) for middle in (-3, 0, 3)]
    found = fit_visual_words([*points, NONE], words=3)
    np.testing.assert_allclose(np.sort(np.array(found.centres)[:, 0]), [-3, 0, 3], atol=0.1)
    assert len(fit_visual_words([np.eye(2)], words=64).centres) == 2


def test_the_words_travel(words):
    assert VisualWords.from_dict(json.loads(json.dumps(words.to_dict()))) == words


@pytest.mark.parametrize("centres", [(), (1.0,), ((np.nan,),)])
def test_no_vocabulary(centres):
    with pytest.raises(ValueError, match="`centres` must be finite"):
        VisualWords(centres)


def test_what_has_no_points(words):
    with pytest.raises(ValueError, match=r"`keypoints` must be \(N, 2\)"):
        words.count(np.zeros((3, 5)))
    with pytest.raises(ValueError, match="0 images with keypoints"):
        fit_visual_words([NONE])

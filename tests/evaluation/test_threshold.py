import numpy as np
import pytest
from sklearn.metrics import precision_score, recall_score

from mmfusion.evaluation.threshold import called, threshold


@pytest.mark.parametrize(
    ("recall", "expected"), [(0.01, 0.9), (0.5, 0.7), (0.75, 0.4), (0.76, 0.2), (1.0, 0.2)]
)
def test_the_highest_that_finds_enough(recall, expected):
    truth = np.array([1, 0, 1, 1, 0, 1], bool)
    scores = np.array([0.9, 0.8, 0.7, 0.4, 0.3, 0.2])
    assert threshold(truth, scores, recall=recall) == expected


def test_against_scikit_learn():
    rng = np.random.default_rng(0)
    truth = rng.random(200) < 0.3
    scores = rng.random(200) * 0.7 + 0.3 * truth
    at = threshold(truth, scores, recall=0.9)
    found = called(truth, scores, at=at)
    assert found["recall"] == pytest.approx(recall_score(truth, scores >= at))
    assert found["precision"] == pytest.approx(precision_score(truth, scores >= at))
    assert found["called"] == pytest.approx(np.mean(scores >= at))
    assert found["recall"] >= 0.9 > recall_score(truth, scores > at)


def test_nothing_to_tell():
    assert called([], [], at=0.5) == {"precision": None, "recall": None, "called": None}
    assert called([False], [0.1], at=0.5) == {"precision": None, "recall": None, "called": 0.0}


@pytest.mark.parametrize("recall", [0.0, 1.1, -1, float("nan")])
def test_recall_out_of_range(recall):
    with pytest.raises(ValueError, match="`recall` must be"):
        threshold([True], [0.5], recall=recall)


def test_no_positive():
    with pytest.raises(ValueError, match="none of 2"):
        threshold([False, False], [0.5, 0.1], recall=0.9)

import numpy as np
import pytest
from sklearn import metrics

from mmfusion.evaluation.scores import auc, class_scores, confusions, scores

CASES = [(classes, decimals) for classes in (2, 3, 7) for decimals in (1, 9)]


def drawn(classes, decimals, n=60):
    """Random labels and probabilities, tied where they are rounded to one decimal."""
    rng = np.random.default_rng(classes)
    labels = np.concatenate([np.arange(classes), rng.integers(classes, size=n - classes)])
    probabilities = rng.dirichlet(np.ones(classes), n)
    return labels, np.round(probabilities, decimals)


def one_row(labels):
    return np.ones((1, len(labels)))


@pytest.mark.parametrize(("classes", "decimals"), CASES)
def test_agrees_with_scikit_learn(classes, decimals):
    labels, probabilities = drawn(classes, decimals)
    predicted = probabilities.argmax(axis=1)
    figures = scores(labels, probabilities, one_row(labels))
    macro = {"average": "macro", "zero_division": 0}
    areas = [metrics.roc_auc_score(labels == k, probabilities[:, k]) for k in range(classes)]
    expected = {
        "accuracy": metrics.accuracy_score(labels, predicted),
        "precision": metrics.precision_score(labels, predicted, **macro),
        "recall": metrics.recall_score(labels, predicted, **macro),
        "f1": metrics.f1_score(labels, predicted, **macro),
        "macro_f1": metrics.f1_score(labels, predicted, **macro),
        "weighted_f1": metrics.f1_score(labels, predicted, average="weighted", zero_division=0),
        "auc": np.mean(areas),
    }
    assert {name: value[0] for name, value in figures.items()} == pytest.approx(expected)


@pytest.mark.parametrize(("classes", "decimals"), CASES)
def test_agrees_with_scikit_learn_on_one_class(classes, decimals):
    labels, probabilities = drawn(classes, decimals)
    predicted = probabilities.argmax(axis=1) == 1
    figures = scores(labels, probabilities, one_row(labels), positive=1)
    expected = {
        "precision": metrics.precision_score(labels == 1, predicted, zero_division=0),
        "recall": metrics.recall_score(labels == 1, predicted),
        "f1": metrics.f1_score(labels == 1, predicted),
        "auc": metrics.roc_auc_score(labels == 1, probabilities[:, 1]),
    }
    assert {name: figures[name][0] for name in expected} == pytest.approx(expected)


def test_a_weight_is_a_repetition():
    labels, probabilities = drawn(3, 1)
    weights = np.random.default_rng(0).integers(4, size=(5, len(labels)))
    together = scores(labels, probabilities, weights.astype(float))
    for row, counts in enumerate(weights):
        chosen = np.repeat(np.arange(len(labels)), counts)
        alone = scores(labels[chosen], probabilities[chosen], one_row(chosen))
        assert {k: v[row] for k, v in together.items()} == pytest.approx(
            {k: v[0] for k, v in alone.items()}
        )


def test_confusion_by_hand():
    matrices = confusions(
        np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([[1, 1, 1], [2, 0, 3]]), classes=2
    )
    assert matrices.tolist() == [[[1, 1], [0, 1]], [[2, 0], [0, 3]]]


def test_class_scores_by_hand():
    matrix = np.array([[[3, 1, 0, 0], [2, 0, 0, 0], [0, 0, 0, 0], [0, 2, 0, 2]]])
    expected = {
        "precision": [3 / 5, 0, np.nan, 1],
        "recall": [3 / 4, 0, np.nan, 1 / 2],
        "f1": [6 / 9, 0, np.nan, 4 / 6],
    }
    for name, values in class_scores(matrix).items():
        np.testing.assert_allclose(values[0], expected[name])


def test_a_class_that_is_only_named_counts_as_zero():
    figures = scores(np.array([0, 0]), np.array([[1.0, 0], [0, 1]]), np.ones((1, 2)))
    assert figures["precision"][0] == 0.5
    assert figures["recall"][0] == 0.25


@pytest.mark.parametrize(
    ("is_positive", "ranks", "expected"),
    [
        ([], [], np.nan),
        ([True], [0.5], np.nan),
        ([False, False], [0.1, 0.2], np.nan),
        ([True, False], [0.9, 0.1], 1.0),
        ([True, False], [0.1, 0.9], 0.0),
        ([True, False], [0.5, 0.5], 0.5),
        ([True, True, False, False], [0.8, 0.4, 0.4, 0.1], 3.5 / 4),
    ],
)
def test_auc_by_hand(is_positive, ranks, expected):
    ranks = np.array(ranks, float)
    found = auc(np.array(is_positive, bool), ranks, np.ones((1, len(ranks))))
    np.testing.assert_allclose(found, [expected])


def test_no_clip_is_undefined():
    figures = scores(np.zeros(0, int), np.zeros((0, 3)), np.ones((1, 0)))
    assert all(np.isnan(value).all() and value.shape == (1,) for value in figures.values())

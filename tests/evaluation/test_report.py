import json
import warnings

import numpy as np
import pytest
from sklearn import metrics

from mmfusion.evaluation.report import report

NAMES = ["fight", "normal", "other"]


def drawn(n=80, classes=3):
    rng = np.random.default_rng(0)
    labels = rng.integers(classes, size=n)
    probabilities = rng.dirichlet(np.ones(classes), n) + 0.4 * np.eye(classes)[labels]
    return probabilities / probabilities.sum(axis=1, keepdims=True), labels


def batches(probabilities, labels, size=32):
    starts = range(0, len(labels), size)
    return [(probabilities[at : at + size], labels[at : at + size]) for at in starts]


def test_agrees_with_scikit_learn(echo):
    probabilities, labels = drawn()
    predicted = probabilities.argmax(axis=1)
    found = report(echo(3), batches(probabilities, labels), classes=NAMES)
    expected = metrics.classification_report(
        labels, predicted, target_names=NAMES, output_dict=True
    )
    assert found.n == 80
    assert found.accuracy == pytest.approx(expected["accuracy"])
    assert found.f1 == found.macro_f1 == pytest.approx(expected["macro avg"]["f1-score"])
    assert found.auc == pytest.approx(
        metrics.roc_auc_score(labels, probabilities, multi_class="ovr"), abs=1e-6
    )
    assert found.confusion == metrics.confusion_matrix(labels, predicted).tolist()
    assert found.majority == np.bincount(labels).max() / 80
    for name in NAMES:
        theirs = {key.replace("f1-score", "f1"): value for key, value in expected[name].items()}
        assert found.per_class[name] == pytest.approx(theirs)


def test_positive_names_the_class_spoken_of(echo):
    probabilities, labels = drawn()
    found = report(echo(3), batches(probabilities, labels), classes=NAMES, positive="normal")
    assert found.precision == found.per_class["normal"]["precision"]
    assert found.recall == found.per_class["normal"]["recall"]
    assert found.f1 == found.per_class["normal"]["f1"] != found.macro_f1
    assert found.auc == pytest.approx(metrics.roc_auc_score(labels == 1, probabilities[:, 1]))


@pytest.mark.parametrize(
    ("labels", "told", "undefined"),
    [
        (
            [],
            {},
            ["accuracy", "precision", "recall", "f1", "weighted_f1", "auc", "majority"],
        ),
        ([1], {"accuracy": 1.0, "macro_f1": 1.0, "weighted_f1": 1.0, "majority": 1.0}, ["auc"]),
        ([1, 1], {"accuracy": 1.0, "macro_f1": 1.0, "weighted_f1": 1.0, "majority": 1.0}, ["auc"]),
        ([0, 1], {"accuracy": 1.0, "auc": 1.0, "majority": 0.5}, []),
    ],
)
def test_small_and_lopsided_parts_are_defined(echo, labels, told, undefined):
    probabilities = np.eye(3)[np.array(labels, int)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = report(echo(3), batches(probabilities, np.array(labels, int)), classes=NAMES)
    assert {name: getattr(found, name) for name in told} == told
    assert [getattr(found, name) for name in undefined] == [None] * len(undefined)
    assert found.per_class["other"] == {"precision": None, "recall": None, "f1": None, "support": 0}
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["n"] == len(labels)


def test_intervals_hold_the_figures_and_widen_with_groups(echo):
    probabilities, labels = drawn()
    alone = report(echo(3), batches(probabilities, labels))
    for name, (low, high) in alone.intervals.items():
        assert low < getattr(alone, name) < high
    four = np.repeat(np.arange(80), 4)
    grouped = report(echo(3), batches(probabilities[four], labels[four]), groups=four)
    assert grouped.intervals["accuracy"] == pytest.approx(alone.intervals["accuracy"])


def test_wrong_lists_the_surest_mistakes_first(echo):
    rows = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.7, 0.3]])
    found = report(echo(2), [(rows, np.array([1, 0, 0, 0]))], classes=["a", "b"], ids=list("wxyz"))
    assert [(row["id"], row["label"], row["predicted"]) for row in found.wrong] == [
        ("w", "b", "a"),
        ("x", "a", "b"),
        ("y", "a", "b"),
    ]
    assert [row["probability"] for row in found.wrong] == pytest.approx([0.1, 0.2, 0.4])


def test_to_dict_has_the_fields_of_the_command(echo):
    fields = report(echo(3), batches(*drawn())).to_dict()
    assert {"n", "accuracy", "precision", "recall", "f1", "macro_f1", "auc", "per_class"} <= set(
        fields
    )
    assert json.loads(json.dumps(fields)) == fields


def test_plot_is_the_confusion_matrix(echo):
    figure = report(echo(3), batches(*drawn()), classes=NAMES).plot()
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == NAMES


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"classes": ["a", "b"]}, "`classes` must be as many as the model's outputs, 3.*2 classes"),
        ({"positive": "riot"}, "`positive` must be one of.*'riot'"),
        ({"groups": [0]}, "`groups` must be as many as the clips, 80.*1 groups"),
        ({"ids": ["x"]}, "`ids` must be as many as the clips, 80.*1 ids"),
    ],
)
def test_names_that_do_not_fit_are_refused(echo, wrong, message):
    with pytest.raises(ValueError, match=message):
        report(echo(3), batches(*drawn()), **wrong)

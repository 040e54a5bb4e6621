"""What a model scores on a dataset."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Iterable, Sequence
from typing import Any

import keras
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mmfusion.evaluation import plots
from mmfusion.evaluation.bootstrap import intervals
from mmfusion.evaluation.calibration import calibration
from mmfusion.evaluation.predictions import predictions
from mmfusion.evaluation.scores import class_scores, confusions, scores

WORST = 20


@dataclasses.dataclass(frozen=True)
class Report:
    """What a model scores on a dataset. What is undefined is None.

    Args:
        n: int. Clips.
        classes: tuple of str.
        positive: str. Class that `precision`, `recall`, `f1` and `auc` speak of; None: their mean
            over the classes that occur (macro).
        accuracy: float.
        precision: float.
        recall: float.
        f1: float.
        macro_f1: float. Mean of the classes' F1.
        weighted_f1: float. The same, each class counting as often as it occurs.
        auc: float. One class against the rest.
        majority: float. Accuracy of always naming the commonest class.
        confusion: list of K lists of K counts, true classes in rows.
        per_class: dict of class to `{"precision", "recall", "f1", "support"}`.
        calibration: dict of `"ece"` and `"bins"`.
        intervals: dict of figure to its 95 % bootstrap interval `[low, high]`.
        wrong: list of `{"id", "label", "predicted", "probability"}`: the clips whose true class got
            the least probability, worst first.
    """

    n: int
    classes: tuple[str, ...]
    positive: str | None
    accuracy: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    macro_f1: float | None
    weighted_f1: float | None
    auc: float | None
    majority: float | None
    confusion: list
    per_class: dict
    calibration: dict
    intervals: dict
    wrong: list

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON can hold them."""
        return {**dataclasses.asdict(self), "classes": list(self.classes)}

    def plot(self, ax: Axes | None = None) -> Figure:
        """The confusion matrix as a `matplotlib.figure.Figure`."""
        return plots.confusion(self.confusion, self.classes, ax=ax)


def report(
    model: keras.Model,
    dataset: Iterable[tuple],
    *,
    classes: Sequence[str] | None = None,
    positive: str | None = None,
    groups: Sequence[str] | np.ndarray | None = None,
    ids: Sequence[str] | None = None,
    seed: int = 0,
) -> Report:
    """Scores a model on a dataset.

    Args:
        model: keras.Model that predicts probabilities `(B, K)`.
        dataset: Iterable of `(inputs, labels)` batches in the order of `groups` and `ids`.
        classes: Names of the K classes; their numbers by default.
        positive: str. Class that precision, recall, F1 and AUC speak of.
        groups: Sequence of N. Clips of one group are resampled together in the intervals.
        ids: Sequence of N names for `Report.wrong`; the clips' numbers by default.
        seed: int. Of the bootstrap.

    Returns:
        Report.

    Raises:
        ValueError: if the names do not fit the model or the data.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Softmax()])
    >>> dataset = [(np.array([[3.0, 0.0], [0.0, 1.0], [1.0, 0.0]]), np.array([0, 1, 1]))]
    >>> scored = report(model, dataset, classes=["normal", "fight"], positive="fight")
    >>> scored.precision, scored.recall
    (1.0, 0.5)
    >>> scored.confusion
    [[1, 0], [1, 1]]
    """
    outputs, labels = predictions(model, dataset, {"": lambda inputs: inputs})
    probabilities = outputs[""]  # (N, K)
    n, count = probabilities.shape
    classes = tuple(map(str, range(count) if classes is None else classes))
    _check(classes, count, "classes", "the model's outputs")
    groups = np.arange(n) if groups is None else np.asarray(groups)
    _check(groups, n, "groups", "the clips")
    names = list(range(n)) if ids is None else list(ids)
    _check(names, n, "ids", "the clips")
    if positive is not None and positive not in classes:
        raise ValueError(f"`positive` must be one of {classes}. Received: positive={positive!r}")
    statistics = functools.partial(
        scores,
        labels,
        probabilities,
        positive=None if positive is None else classes.index(positive),
    )
    matrix = confusions(labels, probabilities.argmax(axis=1), np.ones((1, n)), classes=count)
    return Report(
        n=n,
        classes=classes,
        positive=positive,
        **{name: _defined(value[0]) for name, value in statistics(np.ones((1, n))).items()},
        majority=float(matrix[0].sum(axis=1).max() / n) if n else None,
        confusion=matrix[0].astype(int).tolist(),
        per_class=_per_class(matrix, classes),
        calibration=calibration(labels, probabilities),
        intervals=intervals(statistics, groups, seed=seed),
        wrong=_wrong(labels, probabilities, classes, names),
    )


def _check(values, count, name, of_what):
    if len(values) != count:
        raise ValueError(
            f"`{name}` must be as many as {of_what}, {count}. Received: {len(values)} {name}"
        )


def _per_class(matrix, classes):
    figures = class_scores(matrix)
    return {
        name: {
            **{figure: _defined(values[0, k]) for figure, values in figures.items()},
            "support": int(matrix[0, k].sum()),
        }
        for k, name in enumerate(classes)
    }


def _wrong(labels, probabilities, classes, names):
    truth = probabilities[np.arange(len(labels)), labels]  # (N,)
    predicted = probabilities.argmax(axis=1)
    return [
        {
            "id": names[clip],
            "label": classes[labels[clip]],
            "predicted": classes[predicted[clip]],
            "probability": float(truth[clip]),
        }
        for clip in np.argsort(truth, kind="stable")
        if predicted[clip] != labels[clip]
    ][:WORST]


def _defined(value):
    return None if math.isnan(value) else float(value)

"""The score and the gain of each subset of the modalities."""

import functools
import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Any

import keras
import numpy as np

from mmfusion.evaluation.bootstrap import intervals
from mmfusion.evaluation.masking import modalities, only
from mmfusion.evaluation.predictions import predictions
from mmfusion.evaluation.scores import scores


def ablation(
    model: keras.Model,
    dataset: Iterable[tuple],
    *,
    classes: Sequence[str] | None = None,
    positive: str | None = None,
    groups: Sequence[str] | np.ndarray | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Scores a model with every non-empty subset of its modalities, the others absent.

    The dataset is read once.

    Args:
        model: keras.Model with dict inputs, `<modality>_mask` among them, that predicts
            probabilities.
        dataset: Iterable of `(inputs, labels)` batches in the order of `groups`.
        classes: Names of the K classes; needed for `positive`.
        positive: str. Class whose F1 is reported as `"f1"` beside the others.
        groups: Sequence of N. Clips of one group are resampled together in the intervals.
        seed: int. Of the bootstrap.

    Returns:
        dict of the subset, its names sorted and joined by "+", to a dict of `"accuracy"` and its
        95 % bootstrap `"interval"`, `"macro_f1"`, with `positive` `"f1"`, `"gain"` in accuracy over
        the best single modality and its paired `"gain_interval"`. Small subsets come first.

    Raises:
        ValueError: if the model has no mask inputs or `positive` is not a class.
    """
    names = modalities(model)
    if positive is not None and positive not in (classes or ()):
        raise ValueError(f"`positive` must be one of {classes}. Received: positive={positive!r}")
    subsets = [
        subset for size in range(len(names)) for subset in itertools.combinations(names, size + 1)
    ]
    views = {"+".join(subset): functools.partial(only, kept=subset) for subset in subsets}
    outputs, labels = predictions(model, dataset, views)
    groups = np.arange(len(labels)) if groups is None else np.asarray(groups)
    number = list(classes).index(positive) if classes and positive is not None else None
    right = {name: 1.0 * (output.argmax(axis=1) == labels) for name, output in outputs.items()}
    best = right[max(names, key=lambda name: right[name].sum())]
    gains = {name: hits - best for name, hits in right.items()}  # (N,) each
    spreads = [intervals(functools.partial(_means, of), groups, seed=seed) for of in (right, gains)]
    return {
        name: {
            **_figures(labels, output, number),
            "interval": spreads[0][name],
            "gain": float(gains[name].mean()) if len(labels) else None,
            "gain_interval": spreads[1][name],
        }
        for name, output in outputs.items()
    }


def _figures(labels, probabilities, positive):
    figures = scores(labels, probabilities, np.ones((1, len(labels))), positive=positive)
    reported = ["accuracy", "macro_f1"] + ["f1"] * (positive is not None)
    return {
        name: None if math.isnan(figures[name][0]) else float(figures[name][0]) for name in reported
    }


def _means(values, weights):
    """Weighted means `(R,)` of named values `(N,)`."""
    return {
        name: weights @ value / np.maximum(weights.sum(axis=1), 1) for name, value in values.items()
    }

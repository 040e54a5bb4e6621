"""Baseline: scikit-learn's models on hand-crafted features, and what each modality adds."""

import collections
import functools
from typing import Any

import numpy as np
from sklearn.metrics import accuracy_score, f1_score

from mmfusion.baselines.feature_matrices import fold_blocks
from mmfusion.baselines.predictions import count_right, predict
from mmfusion.data.feature_location import read_features
from mmfusion.data.spellings import Spellings
from mmfusion.data.split import folds
from mmfusion.experiments.table import text_table
from mmfusion.options.features import BaselineOptions

NESTED = "chosen anew in each fold"
CHOICE_FOLDS = 3  # of the clips trained on, to choose a model by
FIGURES = {
    "accuracy": accuracy_score,
    "weighted_f1": functools.partial(f1_score, average="weighted", zero_division=0),
    "macro_f1": functools.partial(f1_score, average="macro", zero_division=0),
}


Row = collections.namedtuple("Row", "id label group at")  # what `folds` asks of a clip


def run(options: BaselineOptions) -> dict[str, Any]:
    """Fits every model on every feature set, every modality and their fusions, fold by fold.

    Nothing is fitted on a clip that it is scored on: scalings and the weights of words are those
    of the clips trained on. The folds are those of `mmfusion crossval` with the same seed. That one
    of many models is best is luck in part; `nested` shows how far.

    Args:
        options: BaselineOptions.

    Returns:
        dict: `accuracy`, `std`, `weighted_f1` and `macro_f1` of the `best` model, the same of all
        `models`, and, where asked for, in `nested` of the model that is chosen anew in each fold,
        their names in its `chosen`; `majority` (the accuracy of the commonest class), `importance`
        by modality (the accuracy lost where its features are shuffled between clips), and `n`.

    Raises:
        ValueError: if a column is missing, or there are too few clips, groups or classes.
    """
    table = read_features(options.features, sets=options.sets)
    rows = _rows(table, options)
    classes, numbers = np.unique([row.label for row in rows], return_inverse=True)
    if len(classes) < 2 or not table.features:
        raise ValueError(
            f"{options.features}: expected two classes and features. "
            f"Received: classes {classes.tolist()}, features {sorted(table.features)}"
        )
    labels = np.full(len(table), -1)
    labels[_at(rows)] = numbers
    found, lost, chosen = collections.defaultdict(list), collections.defaultdict(list), []
    for train, test in _parts(rows, table, options):
        blocks, truth = fold_blocks(table, _at(train), _at(test)), labels[_at(test)]
        predicted, drops = predict(blocks, labels[_at(train)], truth, seed=options.seed)
        if options.nested:
            right = count_right(table, labels, _choice(train, options.seed), seed=options.seed)
            chosen.append(max(sorted(predicted), key=right.__getitem__))
            predicted[NESTED] = predicted[chosen[-1]]
        for name, each in predicted.items():
            found[name].append({figure: of(truth, each) for figure, of in FIGURES.items()})
        for name, drop in drops.items():
            lost[name].append(drop)
    models = {name: _spread(figures) for name, figures in sorted(found.items())}
    nested = {"nested": {**models.pop(NESTED), "chosen": chosen}} if options.nested else {}
    best = max(models, key=lambda name: models[name]["accuracy"])
    return {
        "n": len(rows),
        "classes": classes.tolist(),
        "best": best,
        **models[best],
        **nested,
        "majority": float(np.bincount(numbers).max() / len(rows)),
        "models": models,
        "importance": {
            name: {"accuracy_lost": float(np.mean(drops)), "std": float(np.std(drops))}
            for name, drops in sorted(lost.items())
        },
        "quarantined": table.quarantined,
    }


def table(result: dict[str, Any]) -> str:
    """The models, the best first, and what each modality earns, as text."""
    rows = sorted(result["models"].items(), key=lambda item: -item[1]["accuracy"])
    figures = ("accuracy", "std", "weighted_f1", "macro_f1")
    if "nested" in result:
        rows.insert(0, (NESTED, result["nested"]))
    cells = [[name, *(model[figure] for figure in figures)] for name, model in rows]
    cells.append(["majority class", result["majority"], None, None, None])
    lost = [[name, *drop.values()] for name, drop in result["importance"].items()]
    return "\n\n".join(
        [
            text_table(
                [f"{result['n']} clips", "accuracy", "std", "weighted F1", "macro F1"], cells
            ),
            *([text_table(["shuffled", "accuracy lost", "std"], lost)] if lost else []),
        ]
    )


def _rows(table, options):
    """The clips that have a label."""
    labels = table.column(options.label)
    alone = options.group == "group" and options.group not in table.columns
    groups = [None] * len(table) if alone else table.column(options.group)
    classes = Spellings(f"{options.features}: {options.label}")
    sources = Spellings(f"{options.features}: {options.group}")
    named = ([classes[label] for label in labels], [sources[group] for group in groups])
    rows = zip(table.ids, *named, range(len(table)), strict=True)
    return [Row(*row) for row in rows if row[1] is not None]


def _at(rows):
    """Places of rows in the table."""
    return np.array([row.at for row in rows])


def _choice(rows, seed):
    """Folds of the rows trained on; of clips rather than groups, where those are too few."""
    groups = {row.group or row.id for row in rows}
    by = "group" if len(groups) >= CHOICE_FOLDS else None
    return [(_at(rest), _at(held)) for rest, held in folds(rows, CHOICE_FOLDS, by=by, seed=seed)]


def _parts(rows, table, options):
    """Pairs of rows to train on and to score."""
    if options.part is None:
        return folds(rows, options.folds, seed=options.seed)
    splits = [(name or "").strip().lower() for name in table.column("split")]
    train, test = (
        [row for row in rows if splits[row.at] == name] for name in ("train", options.part)
    )
    if not train or not test:
        raise ValueError(
            f"{options.features}: expected clips of the parts 'train' and {options.part!r}. "
            f"Received: parts {sorted({str(name) for name in splits})}"
        )
    return [(train, test)]


def _spread(figures):
    """Mean of every figure over the folds, and the standard deviation of the accuracy."""
    means = {name: float(np.mean([row[name] for row in figures])) for name in FIGURES}
    return {**means, "std": float(np.std([row["accuracy"] for row in figures]))}

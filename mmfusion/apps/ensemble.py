"""Ensemble: several cross-validations, or one run's snapshots, as one exported model."""

import dataclasses
import itertools
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from sklearn.model_selection import GroupKFold

from mmfusion.experiments.out_of_fold import read_out_of_fold
from mmfusion.experiments.run import Run, read_run
from mmfusion.experiments.table import text_table
from mmfusion.options.verbs import EnsembleOptions
from mmfusion.serving.export import export
from mmfusion.training import ensemble
from mmfusion.training.snapshots import snapshots

FOLDS = 5


def run(options: EnsembleOptions) -> dict[str, Any]:
    """Exports the ensemble, and scores it on rows that no part of it was trained on.

    Args:
        options: EnsembleOptions.

    Returns:
        dict with `members` (the accuracy of each), `accuracy` of the ensemble, both out of fold and
        None for snapshots, the `weights` and the `export`.

    Raises:
        FileNotFoundError: if a folder holds no finished cross-validation and no snapshot.
        ValueError: if the members are not of the same rows, or the method does not fit.
    """
    kept = snapshots(Path(options.runs[0]) / "snapshots")
    result: dict[str, Any] = {"members": {}, "accuracy": None, "weights": None}
    if kept:
        if len(options.runs) > 1 or options.method not in ("average", "vote"):
            raise ValueError("Snapshots of one run are averaged or vote: no row is unseen by them")
        opened = read_run(options.runs[0])
        models = [keras.saving.load_model(path, compile=False) for path in kept]
        groups = [[dataclasses.replace(opened, model=model)] for model in models]
        scores, labels = np.zeros((len(groups), 0, len(opened.classes))), np.zeros(0, int)
    else:
        scores, labels, sources = _out_of_fold(options.runs)
        groups = [[read_run(folder) for folder in _folds(folder)] for folder in options.runs]
        hits = (scores.argmax(axis=2) == labels).mean(axis=1).tolist()
        result["members"] = dict(zip(options.runs, hits, strict=True))
        result["accuracy"] = _honest_accuracy(options.method, scores, labels, sources)
    if options.method == "weighted":
        result["weights"] = ensemble.mixture_weights(scores, labels).tolist()
    model = _assemble(groups, lambda outputs: _joined(options.method, outputs, scores, labels))
    first = groups[0][0]
    version = export(
        options.out,
        keras.Model(model.input, dict(model.input)),
        model,
        classes=first.classes,
        spec=first.spec,
        card={
            "ensemble": {"method": options.method, **result},
            "training": {"corpus": first.config["corpus"]},
        },
    )
    return {**result, "export": str(version)}


def _folds(folder: str) -> list[Path]:
    """The run folders of a cross-validation."""
    found = sorted(path.parent for path in Path(folder).glob("**/fold-*/fold.json"))
    return [path for path in found if "-share-" not in path.name]


def _out_of_fold(folders):
    """The probabilities of the members `(M, N, K)`, the labels `(N,)` and the groups `(N,)`."""
    read = [read_out_of_fold(folder) for folder in folders]
    classes, first = read[0]
    for folder, (names, rows) in zip(folders, read, strict=True):
        if names != classes or rows.keys() != first.keys():
            raise ValueError(f"{folder}: other rows or classes than {folders[0]}")
    ids = sorted(first)
    scores = np.array([[rows[name]["probabilities"] for name in ids] for _, rows in read])
    labels = np.array([classes.index(first[name]["label"]) for name in ids])
    return scores, labels, [first[name]["group"] for name in ids]


def _honest_accuracy(method, scores, labels, groups):
    """Accuracy where weights come from other groups than those that are scored."""
    count = min(FOLDS, len(set(groups)))
    right = np.zeros(len(labels), bool)
    for rest, part in GroupKFold(count).split(labels, groups=groups):
        outputs = [keras.ops.convert_to_tensor(each[part], "float32") for each in scores]
        found = np.asarray(_joined(method, outputs, scores[:, rest], labels[rest]))
        right[part] = found.argmax(axis=1) == labels[part]
    return float(right.mean())


def _joined(method, outputs, scores, labels):
    if method == "vote":
        return ensemble.vote(outputs)
    if method == "stacking":
        return ensemble.stack(outputs, *ensemble.fit_stack(scores, labels))
    find = ensemble.mixture_weights if method == "weighted" else ensemble.equal_weights
    return ensemble.mean(outputs, find(scores, labels))


def _assemble(groups: Sequence[Sequence[Run]], join: Callable) -> keras.Model:
    """One model from aligned rows to what `join` makes of the outputs of its members."""
    first = groups[0][0].preprocessor
    inputs = {
        name: keras.Input(tensor.shape[1:], dtype=tensor.dtype, name=name)
        for name, tensor in first.input.items()
    }
    ready: dict[str, Any] = {}
    outputs, numbers = [], itertools.count()
    for group in groups:
        scores = []
        for member in group:
            key = json.dumps(member.preprocessor.get_config(), sort_keys=True, default=str)
            if key not in ready:
                ready[key] = _named(member.preprocessor, f"preprocessor_{len(ready)}")(inputs)
            model = _named(member.model, f"member_{next(numbers)}")
            scores.append(model({name: ready[key][name] for name in member.model.input}))
        outputs.append(ensemble.mean(scores, ensemble.equal_weights(scores, None)))
    return keras.Model(inputs, join(outputs), name="ensemble")


def _named(model, name):
    return keras.Model(model.input, model.output, name=name)


def table(result: dict[str, Any]) -> str:
    """The members' accuracies beside the ensemble's, as text."""
    rows = [[name, score] for name, score in result["members"].items()]
    rows.append(["ensemble", result["accuracy"]])
    return text_table(["out of fold", "accuracy"], rows) + f"\nexport: {result['export']}"

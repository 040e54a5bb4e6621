"""Predictions for rows that a model was not trained on: what ensembles are built on."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from mmfusion.evaluation.predictions import predictions
from mmfusion.experiments.corpus import Part
from mmfusion.experiments.run import Run
from mmfusion.files import replacing

FILE = "out_of_fold.csv"
KEYS = ("id", "label", "group", "seed", "fold")


def out_of_fold(run: Run, data: tf.data.Dataset, part: Part) -> dict[str, Any]:
    """The classes of a run, and the probabilities it predicts for the rows of a part.

    Args:
        run: Run.
        data: tf.data.Dataset of the labelled rows of `part`, in order.
        part: Part.

    Returns:
        dict of `"classes"` and `"rows"`: `id`, `label`, `group` and `probabilities` of each row.
    """
    outputs, _ = predictions(run.model, data, {"": lambda inputs: inputs})
    labelled = [row for row in part.rows if row["label"] is not None]
    rows = [
        {**{name: row[name] for name in ("id", "label", "group")}, "probabilities": each.tolist()}
        for row, each in zip(labelled, outputs[""], strict=True)
    ]
    return {"classes": list(run.classes), "rows": rows}


def write_out_of_fold(folder: str | Path, cells: Sequence[dict[str, Any]]) -> None:
    """Writes the rows of all folds and seeds as `out_of_fold.csv`, a column for each class.

    Args:
        folder: Path.
        cells: Sequence of dict of `"seed"`, `"fold"`, `"classes"` and `"rows"`.
    """
    classes = cells[0]["classes"]
    path = Path(folder) / FILE
    with replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*KEYS, *classes])
        for cell in cells:
            for row in cell["rows"]:
                keys = {**row, "seed": cell["seed"], "fold": cell["fold"]}
                writer.writerow([*(keys[name] for name in KEYS), *row["probabilities"]])


def read_out_of_fold(folder: str | Path) -> tuple[list[str], dict[str, dict[str, Any]]]:
    """Reads `out_of_fold.csv`.

    Args:
        folder: Path of the folder of a cross-validation.

    Returns:
        Tuple of the classes, and a dict of id to `{"label", "group", "probabilities"}`: the mean
        over the seeds, float64 `(K,)`.

    Raises:
        FileNotFoundError: if the folder holds no finished cross-validation.
    """
    path = Path(folder) / FILE
    if not path.is_file():
        raise FileNotFoundError(f"Not a finished crossval: {FILE} is missing. Received: {folder}")
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        classes = list(reader.fieldnames or ())[len(KEYS) :]
        scores: dict[str, list] = {}
        found: dict[str, dict[str, Any]] = {}
        for row in reader:
            scores.setdefault(row["id"], []).append([float(row[name]) for name in classes])
            found[row["id"]] = {"label": row["label"], "group": row["group"] or row["id"]}
    means = {name: np.mean(each, axis=0) for name, each in scores.items()}
    return classes, {name: {**found[name], "probabilities": means[name]} for name in found}

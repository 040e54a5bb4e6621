"""Score a run on arrays: the mean of its seeds, and each of them."""

from pathlib import Path

import numpy as np

from mmfusion.apps.runs.run import read_model
from mmfusion.apps.scores.measure import measure
from mmfusion.apps.scores.table import metrics_table
from mmfusion.data.array_batches import array_dataset
from mmfusion.evaluation.predictions import predictions
from mmfusion.files import write_json

BATCH_SIZE = 64


def score(trained, rows, *, positive=None, out=None):
    """Reports and ablates a run, and tells how its seeds score apart.

    Args:
        trained: Run.
        rows: Arrays.
        positive: str. The class that precision, recall, F1 and AUC speak of.
        out: Path of a folder for the figures, or `None`.

    Returns:
        dict, as `mmfusion evaluate --json` prints it.
    """
    data = array_dataset(rows, trained.preprocessor, batch_size=BATCH_SIZE, classes=trained.classes)
    data = data.cache()
    metrics = measure(
        trained.model, data, rows, classes=trained.classes, positive=positive, out=out
    )
    if trained.config["seeds"] == 1:
        return metrics
    apart = [accuracy(model, data) for model in seed_models(trained)]
    metrics["accuracies"] = apart
    metrics |= {"mean_accuracy": float(np.mean(apart)), "std_accuracy": float(np.std(apart))}
    if out is not None:
        write_json(Path(out) / "metrics.json", metrics)
    return metrics


def accuracy(model, data):
    """Share of the labelled rows of a dataset that a model gets right."""
    outputs, labels = predictions(model, data, {"": lambda inputs: inputs})
    return float((outputs[""].argmax(axis=1) == labels).mean())


def seed_models(trained):
    """The models whose mean a run of several seeds is."""
    folders = (trained.folder / f"seed-{at}" for at in range(trained.config["seeds"]))
    return [read_model(folder / "best.keras") for folder in folders]


def table(metrics):
    """What was scored, as text."""
    return metrics_table(metrics) + seeds_line(metrics)


def seeds_line(metrics):
    """What a single seed scores, as text; empty where there is only one."""
    if "mean_accuracy" not in metrics:
        return ""
    mean, spread = (100 * metrics[name] for name in ("mean_accuracy", "std_accuracy"))
    return f"\n\naccuracy of a single seed: {mean:.1f} % \u00b1 {spread:.1f}"

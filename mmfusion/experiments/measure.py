"""Scores a model on a part and leaves the figures, the plots and the page in a folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from mmfusion.evaluation import plots
from mmfusion.evaluation.ablation import ablation
from mmfusion.evaluation.page import page
from mmfusion.evaluation.predictions import predictions
from mmfusion.evaluation.report import report
from mmfusion.evaluation.shortcut_check import shortcut_check
from mmfusion.experiments.corpus import Corpus, Part
from mmfusion.experiments.run import Run, read_run
from mmfusion.files import replacing, write_json
from mmfusion.training.history import read_history
from mmfusion.training.run_folder import environment


def measure_run(
    run: Run,
    corpus: Corpus,
    part: Part,
    *,
    positive: str | None = None,
    out: Path | None = None,
    ceilings: dict[int, float] | None = None,
    data: tf.data.Dataset | None = None,
) -> dict[str, Any]:
    """Measures a run on some rows of a corpus, and each of its seeds where there are several.

    Args:
        run: Run.
        corpus: Corpus, decoded.
        part: Part of it.
        positive: str. The class that precision, recall, F1 and AUC speak of.
        out: Path of a folder for the figures, or `None`.
        ceilings: dict of number of modalities to the accuracy that no model can pass with so many.
        data: tf.data.Dataset of the rows of `part` in order, in place of those of the corpus.

    Returns:
        dict, as of `measure`; of several seeds with `accuracies`, `mean_accuracy` and
        `std_accuracy` of single ones.
    """
    if data is None:
        data = corpus.batches(part, run.preprocessor, classes=run.classes)
    data = data.cache()
    metrics = measure(
        run.model,
        data,
        part,
        classes=run.classes,
        positive=positive,
        out=out,
        ceilings=ceilings,
    )
    training = run.config["training"]
    if training["seeds"] == 1:
        return metrics
    seeds = range(training["seed"], training["seed"] + training["seeds"])
    single = [accuracy(read_run(run.folder / f"seed-{seed}").model, data) for seed in seeds]
    metrics |= {"accuracies": single, **spread(single)}
    if out is not None:
        write_json(out / "metrics.json", metrics)
    return metrics


def spread(accuracies: Sequence[float]) -> dict[str, float]:
    """Mean and standard deviation of the accuracies of several seeds."""
    return {
        "mean_accuracy": float(np.mean(accuracies)),
        "std_accuracy": float(np.std(accuracies)),
    }


def accuracy(model: keras.Model, data: tf.data.Dataset) -> float:
    """Share of the labelled rows of a dataset that a model predicts right."""
    outputs, labels = predictions(model, data, {"": lambda inputs: inputs})
    return float((outputs[""].argmax(axis=1) == labels).mean())


def measure(
    model: keras.Model,
    data: tf.data.Dataset,
    part: Part,
    *,
    classes: Sequence[str],
    positive: str | None = None,
    out: Path | None = None,
    ceilings: dict[int, float] | None = None,
) -> dict[str, Any]:
    """Reports, ablates and checks for shortcuts; with `out`, writes all of it there.

    Args:
        model: keras.Model to probabilities `(B, K)`, of sequences `(B, T, K)`.
        data: tf.data.Dataset of `(inputs, labels)`, the labelled rows of `part` in order.
        part: Part. Has the rows' ids and groups, and what was quarantined.
        classes: sequence of str.
        positive: str. The class that precision, recall, F1 and AUC speak of.
        out: Path of a folder for `metrics.json`, `plots/*.png` and `report.html`, or `None`.
        ceilings: dict of number of modalities to the accuracy that no model can pass with so many.

    Returns:
        dict, as `mmfusion evaluate --json` prints it.
    """
    rows = [row for row in part.rows if row["label"] is not None]
    groups = [row["group"] or row["id"] for row in rows]
    kwargs: dict[str, Any] = {"classes": classes, "positive": positive, "groups": groups}
    scored = report(model, data, ids=[row["id"] for row in rows], **kwargs)
    subsets = ablation(model, data, **kwargs)
    for subset, row in subsets.items():
        if ceilings:
            row["ceiling"] = ceilings[subset.count("+") + 1]
    leaked = shortcut_check(model, data, groups=groups)
    metrics = {
        **scored.to_dict(),
        "ablation": subsets,
        "leak": leaked,
        "quarantined": list(part.quarantined),
    }
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        write_json(out / "metrics.json", metrics)
        history = read_history(out / "history.csv") if (out / "history.csv").is_file() else None
        _write_plots(out / "plots", scored, subsets, history)
        html = page(
            scored,
            title=out.resolve().name,
            ablation=subsets,
            leak=leaked,
            history=history,
            quarantined=part.quarantined,
            environment=environment(),
        )
        with replacing(out / "report.html") as temporary:
            temporary.write_text(html, encoding="utf-8")
    return metrics


def _write_plots(folder, scored, subsets, history):
    folder.mkdir(exist_ok=True)
    figures = {
        "ablation": plots.ablation(subsets),
        "calibration": plots.reliability(scored.calibration["bins"]),
        "confusion": scored.plot(),
        "per_class": plots.per_class(scored.per_class),
    }
    if history:
        figures["history"] = plots.history(history)
    for name, figure in figures.items():
        plots.save_png(figure, folder / f"{name}.png")

"""Cross-validate: train and score on grouped folds with several seeds, and test what is certain."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np

from mmfusion.data.split import folds, split
from mmfusion.evaluation.learning_curve import learning_curve
from mmfusion.evaluation.plots import save_png
from mmfusion.evaluation.threshold import called
from mmfusion.experiments.calibration import read_calibration
from mmfusion.experiments.corpus import Corpus
from mmfusion.experiments.fit import fit
from mmfusion.experiments.measure import measure_run, spread
from mmfusion.experiments.model_card import write_model_card
from mmfusion.experiments.open_corpus import open_both
from mmfusion.experiments.out_of_fold import out_of_fold, write_out_of_fold
from mmfusion.experiments.run_config import read_config
from mmfusion.experiments.splits import Parts, check_classes, report_classes, with_validation
from mmfusion.experiments.summary import summary, summary_table
from mmfusion.files import locked, read_json, write_json
from mmfusion.options.checks import check_options
from mmfusion.options.verbs import CrossvalOptions

table = summary_table
Place = dict[str, Any]


def run(options: CrossvalOptions) -> dict[str, Any]:
    """Trains one model a fold and seed, each on groups that its test part has none of.

    What an earlier call with the same options has finished is not trained again.

    Args:
        options: CrossvalOptions.

    Returns:
        dict with `folds` (the figures, the ablation and the shortcut check of each), what `summary`
        makes of them, of several seeds `mean_accuracy` and `std_accuracy` of single ones, `curve`
        where there are shares for it, and `quarantined`.

    Raises:
        FileNotFoundError: if a file is missing.
        ValueError: if an option, the corpus or the labels do not fit.
    """
    check_options(options)
    corpus, _ = open_both(options)
    places = list(_places(corpus, options))
    for place, parts in places:
        check_classes(corpus.path, parts, modalities=corpus.modalities)
        report_classes(corpus.path, parts, f"the groups of {place['name']}")
    out = Path(options.out)
    with locked(out):
        corpus = corpus.decode()
        cells = [
            _fold(corpus, parts, options, place, share)
            for place, parts in places
            for share in (*options.curve, 1.0)
        ]
        whole = [cell for cell in cells if cell["share"] == 1]
        found = [cell["metrics"] for cell in whole]
        result = {"folds": found, **summary(found, folds=options.folds)}
        result["quarantined"] = list(corpus.part(corpus.rows).quarantined)
        if options.seeds > 1:
            result |= spread(_by_seed(found))
        if options.curve:
            result["curve"] = _curve(cells, out / "learning_curve.png")
        write_out_of_fold(out, whole)
        write_json(out / "crossval.json", result)
        config = read_config(out / places[0][0]["name"])
        del config["parts"]
        write_model_card(out, config, result)
    return result


def _places(corpus: Corpus, options: CrossvalOptions) -> Iterator[tuple[Place, Parts]]:
    """Where each fold's run lies, with its seed and its parts."""
    for seed in range(options.seed, options.seed + options.seeds):
        for number, (rest, test) in enumerate(folds(corpus.rows, options.folds, seed=seed)):
            train, val = with_validation(rest, seed=seed)
            name = f"fold-{number}" if options.seeds == 1 else f"seed-{seed}/fold-{number}"
            place = {"name": name, "seed": seed, "fold": number}
            yield place, {"train": train, "val": val, "test": test}


def _fold(
    corpus: Corpus, parts: Parts, options: CrossvalOptions, place: Place, share: float
) -> dict[str, Any]:
    """Trains, scores and keeps one cell of the table, or reads what an earlier call kept."""
    if share < 1:
        train, _ = split(parts["train"], (share, 1 - share), seed=place["seed"])
        parts = {**parts, "train": train}
        place = {**place, "name": f"{place['name']}-share-{share:g}"}
    folder = Path(options.out) / place["name"]
    how = dataclasses.replace(options, out=str(folder), seed=place["seed"], seeds=1)
    ids = {name: [row.id for row in part] for name, part in parts.items()}
    config = json.loads(json.dumps({"options": dataclasses.asdict(how), "parts": ids}))
    if (folder / "fold.json").is_file():
        kept = read_json(folder / "fold.json")
        if kept["config"] == config:
            return kept
    trained = fit(corpus, parts, how=how, out=folder)
    part = corpus.part(parts["test"])
    positive = options.scoring.positive
    metrics = {**place, **measure_run(trained, corpus, part, positive=positive, out=folder)}
    data = corpus.batches(part, trained.preprocessor, classes=trained.classes)
    cell = {"config": config, **place, "share": share, **out_of_fold(trained, data, part)}
    on_validation = read_calibration(folder)
    metrics["calibration_on_validation"] = on_validation
    metrics["at_threshold"] = _at_threshold(cell, on_validation)
    cell["metrics"] = metrics
    keras.backend.clear_session(free_memory=True)
    write_json(folder / "fold.json", cell)
    return cell


def _at_threshold(cell, calibration):
    """Precision and recall on the test part at the threshold chosen on validation."""
    chosen = calibration and calibration["threshold"]
    if chosen is None:
        return None
    at = cell["classes"].index(chosen["class"])
    truth = [row["label"] == chosen["class"] for row in cell["rows"]]
    scores = [row["probabilities"][at] for row in cell["rows"]]
    return {"threshold": chosen["value"], **called(truth, scores, at=chosen["value"])}


def _by_seed(found: list[dict[str, Any]]) -> list[float]:
    """The accuracy of each seed, the mean over its folds."""
    seeds = sorted({fold["seed"] for fold in found})
    return [float(np.mean([f["accuracy"] for f in found if f["seed"] == seed])) for seed in seeds]


def _curve(cells, path):
    """Mean and spread of accuracy by the number of rows trained on, and their plot."""
    rows = []
    for share in sorted({cell["share"] for cell in cells}):
        chosen = [cell for cell in cells if cell["share"] == share]
        scores = [cell["metrics"]["accuracy"] for cell in chosen]
        counts = [len(cell["config"]["parts"]["train"]) for cell in chosen]
        figures = {"mean": float(np.mean(scores)), "std": float(np.std(scores))}
        rows.append({"share": share, "rows": float(np.mean(counts)), **figures})
    save_png(learning_curve(rows), path)
    return rows

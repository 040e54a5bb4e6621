"""Cross-validate: train and score on grouped folds with several seeds, and tell what is certain."""

import dataclasses
import json
from pathlib import Path

import keras
import numpy as np

from mmfusion.apps import train
from mmfusion.apps.runs.parts import check_parts
from mmfusion.apps.scores.calibration import FILE as CALIBRATION
from mmfusion.apps.scores.calibration import class_number
from mmfusion.apps.scores.measure import measure
from mmfusion.apps.scores.model_card import write_model_card
from mmfusion.apps.scores.out_of_fold import out_of_fold, write_out_of_fold
from mmfusion.apps.scores.summary import summary, summary_table
from mmfusion.data.cache import prepared
from mmfusion.data.manifest import read_manifest
from mmfusion.data.pipeline import dataset
from mmfusion.data.split import folds, split
from mmfusion.data.time_grid import fit_spec
from mmfusion.evaluation.learning_curve import learning_curve
from mmfusion.evaluation.threshold import called
from mmfusion.files import locked, read_json, write_json

VALIDATION_SHARES = 7, 1

table = summary_table


@dataclasses.dataclass(frozen=True)
class Options(train.Options):
    """Settings of `mmfusion crossval`: those of `mmfusion train`, and three more.

    Args:
        out: str. Path of a folder that holds a run folder for each fold.
        folds: int. Number of folds.
        seeds: int. How often all folds are drawn and trained, each time from the next seed.
        curve: tuple of float. Shares of the training clips below 1, each trained on as well, for
            the learning curve.
    """

    folds: int = 5
    seeds: int = 1
    curve: tuple[float, ...] = ()


def run(options):
    """Trains one model a fold and seed, each on groups that its test part has none of.

    What an earlier call with the same options has finished is not trained again.

    Args:
        options: Options.

    Returns:
        dict with `folds` (the figures, the ablation and the leak row of each), what `summary` makes
        of them, `curve` where asked for, and `quarantined`.

    Raises:
        ValueError: if an option, the manifest or the labels do not fit.
    """
    _check(options)
    clips = read_manifest(options.manifest, label=options.label, group=options.group)
    clips = [clip for clip in clips if clip.label is not None]
    if options.recall is not None:
        class_number(sorted({clip.label for clip in clips}), options.positive)
    places = list(_places(clips, options))
    for _, parts in places:
        check_parts(parts, options)
    spec = fit_spec(clips, **train.clock_fields(options))
    out = Path(options.out)
    with locked(out):
        records = prepared(clips, spec, cache=options.cache, workers=options.workers)
        cells = [
            _fold(records, parts, options, place, share)
            for place, parts in places
            for share in (*options.curve, 1.0)
        ]
        found = [cell["metrics"] for cell in cells if cell["share"] == 1]
        result = {"folds": found, **summary(found, folds=options.folds)}
        result["quarantined"] = list(records.quarantined)
        if options.curve:
            result["curve"] = _curve(cells, out / "learning_curve.png")
        write_out_of_fold(out, [cell for cell in cells if cell["share"] == 1])
        write_json(out / "crossval.json", result)
        write_model_card(out, dataclasses.asdict(options), result)
    return result


def _check(options):
    train.check(options)
    for name in ("folds", "seeds"):
        least = 2 if name == "folds" else 1
        if getattr(options, name) < least:
            raise ValueError(
                f"`{name}` must be at least {least}. Received: {name}={getattr(options, name)}"
            )
    if not all(0 < share < 1 for share in options.curve):
        raise ValueError(f"`curve` must be shares between 0 and 1. Received: {options.curve}")


def _places(clips, options):
    """Where each fold's run lies, with its seed and its parts."""
    for seed in range(options.seed, options.seed + options.seeds):
        for number, (rest, test) in enumerate(folds(clips, options.folds, seed=seed)):
            fitted, val = split(rest, VALIDATION_SHARES, seed=seed)
            name = f"fold-{number}" if options.seeds == 1 else f"seed-{seed}/fold-{number}"
            place = {"name": name, "seed": seed, "fold": number}
            yield place, {"train": fitted, "val": val, "test": test}


def _fold(records, parts, options, place, share):
    """Trains, scores and keeps one cell of the table, or reads what an earlier call kept."""
    if share < 1:
        parts = parts | {"train": split(parts["train"], (share, 1 - share), seed=place["seed"])[0]}
        place = place | {"name": f"{place['name']}-share-{share:g}"}
    folder = Path(options.out) / place["name"]
    fold = dataclasses.replace(options, out=str(folder), seed=place["seed"])
    ids = {name: [clip.id for clip in part] for name, part in parts.items()}
    asked = json.loads(json.dumps({"options": dataclasses.asdict(fold), "parts": ids}))
    if (folder / "fold.json").is_file():
        kept = read_json(folder / "fold.json")
        if kept["asked"] == asked:
            return kept
    keras.utils.set_random_seed(fold.seed)
    trained = train.fit(records, parts, fold)
    part = records.select(parts["test"])
    data = dataset(part, trained.preprocessor, classes=trained.classes)
    told = {"classes": trained.classes, "positive": options.positive, "out": trained.folder}
    metrics = {**place, **measure(trained.model, data, part, **told)}
    cell = {"asked": asked, **place, "share": share, **out_of_fold(trained, data, part)}
    cell["metrics"] = {**metrics, "calibration_on_validation": read_json(folder / CALIBRATION)}
    cell["metrics"]["at_threshold"] = _at_threshold(cell, cell["metrics"])
    keras.backend.clear_session(free_memory=True)
    write_json(folder / "fold.json", cell)
    return cell


def _at_threshold(cell, metrics):
    """What the threshold chosen on validation gives on the test part."""
    chosen = metrics["calibration_on_validation"]["threshold"]
    if chosen is None:
        return None
    at = cell["classes"].index(chosen["class"])
    truth = [row["label"] == chosen["class"] for row in cell["rows"]]
    scores = [row["probabilities"][at] for row in cell["rows"]]
    return {"threshold": chosen["value"], **called(truth, scores, at=chosen["value"])}


def _curve(cells, path):
    """Mean and spread of accuracy by the number of clips trained on, and their picture."""
    rows = []
    for share in sorted({cell["share"] for cell in cells}):
        chosen = [cell for cell in cells if cell["share"] == share]
        scores = [cell["metrics"]["accuracy"] for cell in chosen]
        clips = [len(cell["asked"]["parts"]["train"]) for cell in chosen]
        rows.append(
            {
                "share": share,
                "clips": float(np.mean(clips)),
                "mean": float(np.mean(scores)),
                "std": float(np.std(scores)),
            }
        )
    learning_curve(rows).savefig(path, dpi=150, bbox_inches="tight")
    return rows

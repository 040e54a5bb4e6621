"""Cross-validate: train and score on grouped folds, and tell mean and spread."""

import dataclasses
from pathlib import Path

import keras
import numpy as np

from mmfusion.apps import train
from mmfusion.apps.measure import measure
from mmfusion.apps.table import text_table
from mmfusion.data.cache import prepared
from mmfusion.data.durations import clock
from mmfusion.data.manifest import read_manifest
from mmfusion.data.pipeline import dataset
from mmfusion.data.split import folds, split
from mmfusion.files import locked, write_json

FIGURES = ("accuracy", "precision", "recall", "f1", "macro_f1", "auc")
VALIDATION_SHARES = 7, 1


@dataclasses.dataclass(frozen=True)
class Options(train.Options):
    """Settings of `mmfusion crossval`: those of `mmfusion train`, and two more.

    Args:
        out: str. Path of a folder that holds a run folder for each fold.
        folds: int. Number of folds.
        positive: str. The class that precision, recall, F1 and AUC speak of.
    """

    folds: int = 5
    positive: str | None = None


def run(options):
    """Trains one model a fold, each on groups that its test part has none of.

    Args:
        options: Options.

    Returns:
        dict with `folds` (the figures, the ablation and the leak row of each), and `mean` and
        `std` over folds of every figure, `ablation` and `blanked` accuracies included.
    """
    clips = read_manifest(options.manifest, label=options.label, group=options.group)
    clips = [clip for clip in clips if clip.label is not None]
    spec = clock(clips, **train.clock_fields(options))
    found = []
    with locked(options.out):
        records = prepared(clips, spec, cache=options.cache, workers=options.workers)
        for number, (rest, test) in enumerate(folds(clips, options.folds, seed=options.seed)):
            keras.utils.set_random_seed(options.seed)
            fitted, val = split(rest, VALIDATION_SHARES, seed=options.seed)
            fold = dataclasses.replace(options, out=str(Path(options.out) / f"fold-{number}"))
            trained = train.fit(records, {"train": fitted, "val": val, "test": test}, fold)
            part = records.select(test)
            found.append(
                measure(
                    trained.model,
                    dataset(part, trained.preprocessor, classes=trained.classes),
                    part,
                    classes=trained.classes,
                    positive=options.positive,
                    out=trained.folder,
                )
            )
        result = {"folds": found, **_spread(found), "quarantined": list(records.quarantined)}
        write_json(Path(options.out) / "crossval.json", result)
    return result


def _spread(found):
    """Mean and standard deviation over folds of every figure."""
    rows = {name: [fold[name] for fold in found] for name in FIGURES}
    for subset in found[0]["ablation"]:
        rows[subset] = [fold["ablation"][subset]["accuracy"] for fold in found]
    rows["masks alone"] = [fold["leak"]["masks"]["accuracy"] for fold in found]
    rows["blanked"] = [fold["leak"]["blanked"]["accuracy"] for fold in found]
    rows["majority"] = [fold["majority"] for fold in found]
    rows = {name: [x for x in values if x is not None] for name, values in rows.items()}
    return {
        told: {name: float(of(values)) for name, values in rows.items() if values}
        for told, of in (("mean", np.mean), ("std", np.std))
    }


def table(result):
    """Mean and spread of every figure, as text."""
    rows = [[name, mean, result["std"][name]] for name, mean in result["mean"].items()]
    return text_table([f"{len(result['folds'])} folds", "mean", "std"], rows)

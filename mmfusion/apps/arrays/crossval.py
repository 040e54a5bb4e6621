"""Cross-validate on arrays: train and score on grouped folds."""

import dataclasses
from pathlib import Path

import keras
import numpy as np

from mmfusion.apps.arrays import train as train_arrays
from mmfusion.apps.arrays.fit import fit_seeds
from mmfusion.apps.arrays.score import score, seeds_line
from mmfusion.apps.arrays.words import text_encoder
from mmfusion.apps.scores.summary import summary, summary_table
from mmfusion.data.split import folds
from mmfusion.files import locked, write_json


@dataclasses.dataclass(frozen=True)
class Options(train_arrays.Options):
    """Settings of `mmfusion crossval` for arrays: those of `mmfusion train`, and two more.

    Args:
        out: str. Path of a folder that holds a run folder for each fold.
        folds: int. Number of folds.
        positive: str. The class that precision, recall, F1 and AUC speak of.
    """

    folds: int = 5
    positive: str | None = None


def run(options):
    """Trains a run on the groups of all folds but one, and scores it on that one, for each.

    Args:
        options: Options.

    Returns:
        dict with `folds` (what `evaluate` tells of each), what `summary` makes of them, and of
        several seeds `mean_accuracy` and `std_accuracy`, of a single one, over all folds.

    Raises:
        ValueError: if an option, the arrays or the labels do not fit.
    """
    train_arrays.check(options)
    encoder = text_encoder(options.text_encoder)
    rows = train_arrays.read_rows(options, encoder)
    found = []
    with locked(options.out):
        for number, (rest, test) in enumerate(folds(rows.clips, options.folds, seed=options.seed)):
            fold = dataclasses.replace(options, out=str(Path(options.out) / f"fold-{number}"))
            parts = {"train": rows.select(rest), "val": rows.select([]), "test": rows.select(test)}
            trained = fit_seeds(parts, fold, encoder)
            told = {"positive": options.positive, "out": trained.folder}
            found.append(score(trained, parts["test"], **told))
            keras.backend.clear_session(free_memory=True)
        result = {"folds": found, **summary(found, folds=options.folds), "quarantined": []}
        if options.seeds > 1:
            apart = np.array([fold["accuracies"] for fold in found]).mean(axis=0)  # of each seed
            result |= {"mean_accuracy": float(apart.mean()), "std_accuracy": float(apart.std())}
        write_json(Path(options.out) / "crossval.json", result)
    return result


def table(result):
    """Mean, spread and tests of the folds, as text."""
    return summary_table(result) + seeds_line(result)

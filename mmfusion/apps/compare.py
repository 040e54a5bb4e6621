"""Compare: every fusion on the same grouped folds, beside each modality alone."""

import dataclasses
import statistics
import tempfile
import time
from pathlib import Path

import keras
import numpy as np

from mmfusion.apps.arrays.corpus import is_arrays
from mmfusion.apps.arrays.score import accuracy
from mmfusion.apps.runs import contenders
from mmfusion.apps.runs.fusions import FUSIONS
from mmfusion.apps.scores.table import text_table
from mmfusion.data.split import folds
from mmfusion.evaluation.paired import fold_test

TIMED = 9  # training steps


@dataclasses.dataclass(frozen=True)
class Options:
    """Settings of `mmfusion compare`.

    Args:
        manifest: str. Path of the clips, or of arrays.
        fusions: tuple of str. Names in `FUSIONS`, or `all`.
        folds: int. Number of folds.
        label: str. Column or key of the class.
        group: str. Column or key of what must not straddle a fold.
        order: str. Key of the place of a row of arrays within its group.
        modalities: tuple of str. What to look at.
        text_encoder: str. Path of a folder with a BERT, for arrays of words.
        cleaning: tuple of str. Steps to clean clips by, as `audio.gate`.
        epochs: int. The default of `mmfusion train` if not given.
        seed: int. Of the folds and the models.
    """

    manifest: str
    fusions: tuple[str, ...] = ("all",)
    folds: int = 5
    label: str | None = None
    group: str | None = None
    order: str | None = None
    modalities: tuple[str, ...] | None = None
    text_encoder: str | None = None
    cleaning: tuple[str, ...] = ()
    epochs: int | None = None
    seed: int = 0


def run(options):
    """Trains each modality alone and each fusion of all of them, on every fold.

    Args:
        options: Options.

    Returns:
        dict with `rows`, one for each modality and fusion: `name`, `kind` (`single` or `fusion`),
        `accuracies` by fold with `mean` and `std`, `parameters`, `step_ms` of a training step, and
        `test`, the paired gain over `best_single`; of a fusion that does not fit the data, `error`.

    Raises:
        ValueError: if an option or the data do not fit.
    """
    fusions = sorted(FUSIONS) if "all" in options.fusions else options.fusions
    unknown = sorted(set(fusions) - set(FUSIONS))
    if unknown:
        raise ValueError(f"`fusions` must be some of {sorted(FUSIONS)}. Received: {unknown}")
    if options.folds < 2:
        raise ValueError(f"`folds` must be at least 2. Received: folds={options.folds}")
    source = contenders.arrays if is_arrays(options.manifest) else contenders.clips
    rows, modalities, train = source(options)
    asked = [("single", name, "concat", (name,)) for name in modalities]
    if len(modalities) > 1:
        asked += [("fusion", name, name, modalities) for name in fusions]
    parts = list(folds(rows, options.folds, seed=options.seed))
    found = [_contender(kind, name, parts, train, told) for kind, name, *told in asked]
    singles = [row for row in found if row["kind"] == "single"]
    best = max(singles, key=lambda row: row["mean"])
    for row in found:
        if "mean" in row:
            pair = row["accuracies"], best["accuracies"]
            row["test"] = None if row is best else fold_test(*pair, folds=options.folds)
    return {"folds": options.folds, "best_single": best["name"], "rows": found}


def _contender(kind, name, parts, train, told):
    """One row of the table."""
    row = {"kind": kind, "name": name}
    accuracies = []
    try:
        for rest, test in parts:
            with tempfile.TemporaryDirectory() as folder:
                model, batches, data = train(rest, test, *told, folder=Path(folder))
                accuracies.append(accuracy(model, data))
                row |= {"parameters": model.count_params(), "step_ms": _step_ms(model, batches)}
            keras.backend.clear_session(free_memory=True)
    except ValueError as error:  # a fusion may ask for what these modalities do not have
        if kind == "single":
            raise
        return {**row, "error": str(error).splitlines()[0]}
    spread = {"mean": float(np.mean(accuracies)), "std": float(np.std(accuracies))}
    return {**row, "accuracies": accuracies, **spread}


def _step_ms(model, batches):
    """Milliseconds of a training step, the median of a few on one batch."""
    loss = "sparse_categorical_crossentropy"
    model.compile(optimizer="adam", loss=loss, jit_compile=False)
    (batch,) = batches.take(1)
    times = []
    for _ in range(TIMED + 1):
        start_s = time.perf_counter()
        model.train_on_batch(*batch)
        times.append(time.perf_counter() - start_s)
    return 1e3 * statistics.median(times[1:])  # the first one traces


def table(result):
    """A row for each modality and fusion, as text."""
    rows = []
    for row in result["rows"]:
        if "error" in row:
            rows.append([row["name"], None, None, None, "-", "-", row["error"]])
            continue
        test = row["test"] or {"gain": None, "p": None}
        p = "-" if test["p"] is None else f"{test['p']:.3f}"
        told = [row["mean"], row["std"], test["gain"], p]
        rows.append([row["name"], *told, str(row["parameters"]), f"{row['step_ms']:.1f} ms"])
    over = f"gain over {result['best_single']}"
    return text_table(["", "accuracy", "std", over, "p", "parameters", "step"], rows)

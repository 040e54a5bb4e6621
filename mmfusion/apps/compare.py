"""Compare: every fusion on the same grouped folds, beside each modality alone."""

import contextlib
import dataclasses
import functools
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import keras
import numpy as np
import tensorflow as tf

from mmfusion.data.split import folds
from mmfusion.evaluation.paired import fold_test
from mmfusion.experiments.corpus import Corpus
from mmfusion.experiments.fit import fit
from mmfusion.experiments.measure import accuracy
from mmfusion.experiments.open_corpus import open_both
from mmfusion.experiments.splits import with_validation
from mmfusion.experiments.table import text_table
from mmfusion.experiments.tables import FUSIONS
from mmfusion.options.checks import check_options
from mmfusion.options.names import FusionName
from mmfusion.options.verbs import CompareOptions

TIMED = 9  # training steps
Folds = Sequence[tuple[Sequence, Sequence]]


def run(options: CompareOptions) -> dict[str, Any]:
    """Trains each modality alone and each fusion of all of them, on every fold.

    Args:
        options: CompareOptions.

    Returns:
        dict with `rows`, one for each modality and fusion: `name`, `kind` (`single` or `fusion`),
        `accuracies` by fold with `mean` and `std`, `parameters`, `step_ms` of a training step, and
        `test`, the paired gain over `best_single`; of a fusion that does not fit the data, `error`.

    Raises:
        ValueError: if an option or the data do not fit.
    """
    check_options(options)
    corpus, _ = open_both(options)
    corpus = corpus.decode()
    pairs = list(folds(corpus.rows, options.folds, seed=options.seed))
    found = [
        _contender(corpus.only([name]), options, pairs, name=name, fusion="concat")
        for name in corpus.modalities
    ]
    best = max(found, key=lambda row: row["mean"])
    for fusion in options.fusions or sorted(FUSIONS) if len(corpus.modalities) > 1 else ():
        try:
            row = _contender(corpus, options, pairs, name=fusion, fusion=fusion)
        except ValueError as error:  # a fusion may need what these modalities do not have
            reason = str(error).splitlines()[0]
            row = {"kind": "fusion", "name": fusion, "error": reason}
        found.append(row)
    for row in found:
        if "mean" in row:
            pair = row["accuracies"], best["accuracies"]
            row["test"] = None if row is best else fold_test(*pair, folds=options.folds)
    return {"folds": options.folds, "best_single": best["name"], "rows": found}


def _contender(
    corpus: Corpus, options: CompareOptions, pairs: Folds, *, name: str, fusion: str
) -> dict[str, Any]:
    """One row of the table."""
    network = dataclasses.replace(options.network, fusion=cast(FusionName, fusion))
    if name in corpus.modalities:
        kept = {
            name: branch for name, branch in network.branches.items() if name in corpus.modalities
        }
        network = dataclasses.replace(network, branches=kept)
    how = dataclasses.replace(options, network=network)
    row: dict[str, Any] = {
        "kind": "single" if name in corpus.modalities else "fusion",
        "name": name,
    }
    accuracies = []
    for number, (rest, test) in enumerate(pairs):
        train, val = with_validation(rest, seed=options.seed)
        with _folder(options.out, f"{name}/fold-{number}") as out:
            trained = fit(corpus, {"train": train, "val": val, "test": test}, how=how, out=out)
            load = functools.partial(
                corpus.batches, prep=trained.preprocessor, classes=trained.classes
            )
            size = trained.config["training"]["optimisation"]["batch_size"]
            batches, data = load(corpus.part(train), batch_size=size), load(corpus.part(test))
            accuracies.append(accuracy(trained.model, data))
            row["parameters"] = trained.model.count_params()
            row["step_ms"] = _step_ms(trained.model, batches)
        keras.backend.clear_session(free_memory=True)
    figures = {"mean": float(np.mean(accuracies)), "std": float(np.std(accuracies))}
    return {**row, "accuracies": accuracies, **figures}


@contextlib.contextmanager
def _folder(out: str, name: str) -> Iterator[Path]:
    if out:
        yield Path(out) / name
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _step_ms(model: keras.Model, batches: tf.data.Dataset) -> float:
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


def table(result: dict[str, Any]) -> str:
    """A row for each modality and fusion, as text."""
    rows = []
    for row in result["rows"]:
        if "error" in row:
            rows.append([row["name"], None, None, None, "-", "-", row["error"]])
            continue
        test = row["test"] or {"gain": None, "p": None}
        p = "-" if test["p"] is None else f"{test['p']:.3f}"
        figures = [row["mean"], row["std"], test["gain"], p]
        rows.append([row["name"], *figures, str(row["parameters"]), f"{row['step_ms']:.1f} ms"])
    over = f"gain over {result['best_single']}"
    return text_table(["", "accuracy", "std", over, "p", "parameters", "step"], rows)

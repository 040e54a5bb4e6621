"""Train: a corpus to a run folder with a measured model."""

import functools
from pathlib import Path
from typing import Any

from mmfusion.experiments.calibration import read_calibration
from mmfusion.experiments.corpus import Corpus
from mmfusion.experiments.fit import fit_seeds
from mmfusion.experiments.measure import measure_run
from mmfusion.experiments.model_card import write_model_card
from mmfusion.experiments.open_corpus import open_both
from mmfusion.experiments.run import MEASURED, Run
from mmfusion.experiments.splits import FEWEST_GROUPS, Parts, count_groups, parts_of
from mmfusion.experiments.table import metrics_table
from mmfusion.files import locked
from mmfusion.options.checks import check_options
from mmfusion.options.verbs import TrainOptions
from mmfusion.training.multi_worker import in_turns
from mmfusion.training.run_folder import worker_folder
from mmfusion.training.strategy import strategy
from mmfusion.training.workers import workers


def run(options: TrainOptions, ceilings: dict[int, float] | None = None) -> dict[str, Any]:
    """Decodes the corpus, trains, scores the test part and fills the run folder.

    Args:
        options: TrainOptions.
        ceilings: dict of number of modalities to the accuracy that no model can pass, where known.

    Returns:
        dict, what `metrics.json` holds, and `run`, the folder; no figures where no row was left for
        a test.

    Raises:
        FileNotFoundError: if a file is missing.
        ValueError: if an option, the corpus or the labels do not fit.
    """
    check_options(options)
    chosen = strategy(options.strategy)  # first of all that TensorFlow does
    folder = worker_folder(options.out)
    corpus, val = open_both(options)
    parts = parts_of(corpus, val=val, seed=options.seed)
    addresses, own = workers()
    with locked(folder):
        turn = functools.partial(in_turns, strategy=chosen, own=own, count=len(addresses))
        corpus, val = turn(corpus.decode), val and turn(val.decode)
        fit = functools.partial(fit_seeds, corpus, how=options, strategy=chosen)
        refits = _refits(options, corpus)
        place = f"{options.out}/{MEASURED}" if refits else options.out
        trained = fit(parts, out=place, validation=val)
        metrics = _measured(trained, corpus, parts, folder, ceilings)
        if refits:
            fit({"train": corpus.rows, "val": (), "test": ()}, out=options.out)
    return {**metrics, "run": str(folder)}


def _measured(
    trained: Run,
    corpus: Corpus,
    parts: Parts,
    folder: Path,
    ceilings: dict[int, float] | None,
) -> dict[str, Any]:
    """The figures of the test part, with their report and model card in the run folder."""
    test, metrics = corpus.part(parts["test"]), None
    if len(test):
        positive = trained.config["training"]["scoring"]["positive"]
        kwargs = {"positive": positive, "out": folder, "ceilings": ceilings}
        metrics = measure_run(trained, corpus, test, **kwargs)
    write_model_card(folder, trained.config, metrics, read_calibration(trained.folder))
    return metrics or {"quarantined": trained.config["quarantined"]}


def _refits(options: TrainOptions, corpus: Corpus) -> bool:
    """Whether the model is trained once more on all rows."""
    if options.refit is not None:
        return options.refit
    declared = options.corpus.val or all(row.split for row in corpus.rows)
    small = corpus.spec is None or count_groups(corpus.rows) < FEWEST_GROUPS
    return not declared and small


def table(result: dict[str, Any]) -> str:
    """What was measured, as text."""
    if "n" not in result:
        return result["run"]
    return f"{metrics_table(result)}\n{result['run']}/report.html"

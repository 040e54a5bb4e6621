"""Evaluate: a run or an exported model on a corpus."""

import dataclasses
import functools
from pathlib import Path
from typing import Any

import tensorflow as tf

from mmfusion.data.noise import add_noise
from mmfusion.experiments.measure import measure_run
from mmfusion.experiments.open_corpus import open_corpus
from mmfusion.experiments.run import MEASURED, Run, read_export, read_run
from mmfusion.experiments.splits import part_to_score
from mmfusion.experiments.table import metrics_table
from mmfusion.options.checks import check_options, is_arrays
from mmfusion.options.corpus import Corpus as CorpusOptions
from mmfusion.options.grid import Decoding, Grid
from mmfusion.options.verbs import EvaluateOptions

table = metrics_table


def run(options: EvaluateOptions) -> dict[str, Any]:
    """Scores the model, its ablation and its shortcut check, and each seed where there are several.

    Args:
        options: EvaluateOptions.

    Returns:
        dict, as `mmfusion evaluate --json` prints it.

    Raises:
        FileNotFoundError: if there is no model or no corpus.
        ValueError: if the corpus is not like the one trained on, a label is not one of the model's
            classes, or no row is left.
    """
    check_options(options)
    trained = open_run(options.model, trust=options.trust)
    if is_arrays(options.manifest) == bool(trained.spec):
        kind = "clips" if trained.spec else "arrays"
        raise ValueError(f"{options.model} was trained on {kind}. Received: {options.manifest}")
    which = _which(options, trained.config["corpus"])
    corpus = open_corpus(
        which, trained.spec or Grid(), decoding=_decoding(options, trained.config["corpus"])
    )
    part = part_to_score(options.part, options.manifest, trained.config)
    if part == "test" and (trained.folder / MEASURED).is_dir():  # the run itself has none left
        trained = read_run(trained.folder / MEASURED)
    rows = [row for row in corpus.rows if _is_in(row, part, trained.config)]
    if not rows:
        raise ValueError(f"{options.manifest}: no row in the part {part!r} to evaluate on")
    corpus = corpus.decode(rows)
    scored, prep = corpus.part(rows), trained.preprocessor
    load = functools.partial(
        corpus.batches, scored, classes=trained.classes, batch_size=options.batch_size
    )
    noise_db = options.noise_db
    data = load(prep) if noise_db is None else _noisy(load(None), prep, noise_db)
    out = Path(options.out) if options.out else None
    metrics = measure_run(trained, corpus, scored, positive=options.positive, out=out, data=data)
    return {**metrics, "part": part}


def open_run(path: str, *, trust: bool = False) -> Run:
    """Opens a run folder or an exported model, whose graph may write only if it is trusted."""
    is_run = (Path(path) / "config.json").is_file()
    return read_run(path) if is_run else read_export(path, trust=trust)


def _which(options: EvaluateOptions, trained_on: dict[str, Any]) -> CorpusOptions:
    """The corpus options of what is scored, as those of what was trained on."""
    modalities = trained_on.get("modalities")
    return CorpusOptions(
        manifest=options.manifest,
        features=options.features,
        label=options.label or trained_on.get("label", "label"),
        group=trained_on.get("group", "group"),
        order=trained_on.get("order"),
        modalities=modalities and tuple(modalities),
    )


def _decoding(options: EvaluateOptions, trained_on: dict[str, Any]) -> Decoding:
    """Who prepares the clips; what was trained on machine-made words is scored on them."""
    transcribe = options.decoding.transcribe or trained_on.get("transcribe", False)
    return dataclasses.replace(options.decoding, transcribe=transcribe)


def _is_in(row, part, config):
    if part == "all":
        return True
    return row.id in config["parts"][part] if "parts" in config else row.split == part


def _noisy(data, prep, noise_db):
    """Aligned batches with noise added to the audio of each clip, then preprocessed."""

    def disturb(number, element):
        x, y = element
        x = add_noise(x, noise_db, tf.stack([number, 0]))
        return prep(x, training=False), y

    return data.enumerate().map(disturb)

"""Evaluate: a run or an exported model on a corpus."""

import dataclasses
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from mmfusion.data.noise import add_noise
from mmfusion.experiments.measure import measure, measure_run
from mmfusion.experiments.open_corpus import open_corpus
from mmfusion.experiments.run import Run, read_run
from mmfusion.experiments.splits import part_to_score
from mmfusion.experiments.table import metrics_table
from mmfusion.options.checks import check_options, is_arrays
from mmfusion.options.corpus import Corpus as CorpusOptions
from mmfusion.options.verbs import EvaluateOptions
from mmfusion.serving.predictor import Predictor

table = metrics_table
DEFAULTS = {"label": "label", "group": "group", "order": None, "modalities": None}


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
    trained = open_model(options.model)
    config = trained.config if isinstance(trained, Run) else {}
    known = config or trained.card.get("training", {})
    if is_arrays(options.manifest) == bool(trained.spec):
        kind = "clips" if trained.spec else "arrays"
        raise ValueError(f"{options.model} was trained on {kind}. Received: {options.manifest}")
    corpus = open_corpus(
        _which(options, known.get("corpus", {})), trained.spec, decoding=options.decoding
    )
    part = part_to_score(options.part, options.manifest, config)
    rows = [row for row in corpus.rows if _is_in(row, part, config)]
    if not rows:
        everything = config.get("parts", {}).get("test") == []
        hint = ": the model was trained on all of them" if everything and part == "test" else ""
        raise ValueError(f"{options.manifest}: no row in the part {part!r} to evaluate on{hint}")
    corpus = dataclasses.replace(corpus, rows=tuple(rows)) if corpus.spec else corpus
    corpus = corpus.decode()
    scored, out = corpus.part(rows), options.out and Path(options.out)
    if isinstance(trained, Run) and options.noise_db is None:
        metrics = measure_run(trained, corpus, scored, positive=options.positive, out=out)
        return {**metrics, "part": part}
    is_run = isinstance(trained, Run)
    prep, model = (trained.preprocessor, trained.model) if is_run else (None, as_keras(trained))
    load = {"batch_size": options.batch_size, "classes": trained.classes}
    if options.noise_db is None:
        data = corpus.batches(scored, prep, **load)
    else:
        data = _noisy(corpus.batches(scored, None, **load), prep, options.noise_db)
    metrics = measure(
        model, data, scored, classes=trained.classes, positive=options.positive, out=out
    )
    return {**metrics, "part": part}


def open_model(path: str) -> Run | Predictor:
    """Opens a run folder or an exported model."""
    return read_run(path) if (Path(path) / "config.json").is_file() else Predictor(path)


def as_keras(predictor: Predictor) -> keras.Model:
    """An exported model as a Keras model over aligned batches, so that it is scored like a run."""
    inputs = {
        name: keras.Input(given["shape"][1:], dtype=given["dtype"], name=name)
        for name, given in predictor.card["inputs"].items()
    }
    layer = keras.layers.TFSMLayer(str(predictor.path), call_endpoint="serve")
    return keras.Model(inputs, layer(inputs)["probabilities"])


def _which(options: EvaluateOptions, trained_on: dict[str, Any]) -> CorpusOptions:
    """The corpus options of what is scored, as those of what was trained on."""
    kept = {name: trained_on.get(name, value) for name, value in DEFAULTS.items()}
    kept["modalities"] = kept["modalities"] and tuple(kept["modalities"])
    if options.label:
        kept["label"] = options.label
    return CorpusOptions(manifest=options.manifest, features=options.features, **kept)


def _is_in(row, part, config):
    if part == "all":
        return True
    return row.id in config["parts"][part] if "parts" in config else row.split == part


def _noisy(data, prep, noise_db):
    """Aligned batches with noise added to the audio of each clip, then preprocessed."""

    def disturb(number, element):
        x, y = element
        x = add_noise(x, noise_db, tf.stack([number, 0]))
        return (prep(x, training=False) if prep else x), y

    return data.enumerate().map(disturb)

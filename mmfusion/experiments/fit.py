"""Fits a model to the rows of a corpus and leaves a run folder complete."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from mmfusion.experiments.calibration import FILE as CALIBRATION
from mmfusion.experiments.calibration import calibrate, class_number
from mmfusion.experiments.corpus import Corpus
from mmfusion.experiments.feed import Feed
from mmfusion.experiments.fit_model import fit_model
from mmfusion.experiments.optimisation import precision
from mmfusion.experiments.run import Run, read_run
from mmfusion.experiments.splits import Parts, fit_batch_size, learnable_classes
from mmfusion.features.bert import BertEncoder
from mmfusion.files import read_json, sha256, share
from mmfusion.models.fine_tuning import unfreeze_text_encoder
from mmfusion.models.mean import mean_of
from mmfusion.options.training import Training
from mmfusion.training.backup import is_finished
from mmfusion.training.best_model import save_model
from mmfusion.training.run_folder import asked_before, run_folder, worker_folder

SLOWER = 0.05  # the learning rate of fine-tuning, as a share of that before
SMALLER = 4  # times, the batches of fine-tuning


def fit_seeds(
    corpus: Corpus, parts: Parts, *, how: Training, out: str | Path, **kwargs: Any
) -> Run:
    """Fits a model for each seed; several have run folders of their own in that of their mean.

    Arguments as of `fit`.

    Returns:
        Run; of several seeds one whose model is the mean of theirs.
    """
    if how.seeds == 1:
        return fit(corpus, parts, how=how, out=out, **kwargs)
    runs = [
        fit(
            corpus,
            parts,
            how=dataclasses.replace(how, seeds=1, seed=seed),
            out=Path(out) / f"seed-{seed}",
            **kwargs,
        )
        for seed in range(how.seed, how.seed + how.seeds)
    ]
    config = {**runs[0].config, "training": {**runs[0].config["training"], "seeds": how.seeds}}
    folder = run_folder(worker_folder(out), config)
    for run in runs[1:]:
        share(runs[0].folder / "preprocessor.keras", run.folder / "preprocessor.keras")
    share(runs[0].folder / "preprocessor.keras", folder / "preprocessor.keras")
    run = Run(folder, config, runs[0].preprocessor, mean_of([run.model for run in runs]))
    save_model(run.model, folder / "best.keras")
    return run


def fit(
    corpus: Corpus,
    parts: Parts,
    *,
    how: Training,
    out: str | Path,
    strategy: tf.distribute.Strategy | None = None,
    validation: Corpus | None = None,
) -> Run:
    """Builds the Preprocessor and the model, fits, and leaves the run folder complete.

    Args:
        corpus: Corpus, decoded.
        parts: dict of `"train"`, `"val"` and `"test"` to rows; nothing need validate.
        how: Training.
        out: Path of the run folder.
        strategy: tf.distribute.Strategy to train in, or `None`.
        validation: Corpus whose rows validate, where they are not rows of `corpus`.

    Returns:
        Run, with the best weights, or their mean where epochs are averaged.

    Raises:
        ValueError: if a class has no row to train on.
    """
    keras.utils.set_random_seed(how.seed)
    validation = validation or corpus
    train, val = corpus.part(parts["train"]), validation.part(parts["val"])
    classes = learnable_classes(train, parts, corpus.path)
    if how.scoring.positive is not None:
        class_number(classes, how.scoring.positive)
    how, folder = _with_batch_size(how, train, corpus), worker_folder(out)
    config = _config(corpus, parts, classes, how)
    resume = asked_before(folder, config)
    if resume and _is_complete(folder, how, validated=bool(len(val))):
        return read_run(folder)
    run_folder(folder, config)
    prep = corpus.preprocessor(train, how.network)
    save_model(prep, folder / "preprocessor.keras")
    with (strategy or tf.distribute.get_strategy()).scope(), precision(how.optimisation):
        model = corpus.model(prep, train, how.network, classes=len(classes), seed=how.seed)
    feed = Feed(corpus, train, validation, val, prep, classes)
    model = fit_model(model, feed, how=how, out=out, resume=resume)
    if how.optimisation.fine_tune:
        feed, model = _fine_tuned(model, feed, how, folder)
    validating = feed.validating(how)
    if validating is not None:
        model = calibrate(model, validating, folder=folder, classes=classes, scoring=how.scoring)
    return Run(folder, config, feed.prep, model)


def _is_complete(folder: Path, how: Training, *, validated: bool) -> bool:
    """Whether an earlier call with the same options left nothing to do."""
    trained = [folder / "fine_tuning"] if how.optimisation.fine_tune else [folder]
    if validated:  # calibrating comes last
        return (folder / CALIBRATION).is_file() and all(map(is_finished, trained))
    return not how.optimisation.average_epochs and all(map(is_finished, trained))


def _with_batch_size(how, train, corpus):
    rows = {row["group"] or row["id"] for row in train.rows} if corpus.ordered else train.rows
    raw = corpus.ordered or corpus.spec is not None
    size = fit_batch_size(how.optimisation.batch_size, rows, raw=raw)
    optimisation = dataclasses.replace(how.optimisation, batch_size=size)
    return dataclasses.replace(how, optimisation=optimisation)


def _config(corpus: Corpus, parts: Parts, classes: Sequence[str], how: Training) -> dict[str, Any]:
    """What `config.json` holds: the resolved options and what they came to."""
    fields = {field.name for field in dataclasses.fields(Training)}
    training = {name: value for name, value in dataclasses.asdict(how).items() if name in fields}
    return {
        "manifest": corpus.path,
        "manifest_sha256": sha256(corpus.path),
        "corpus": corpus.description(),
        "training": training,
        "modalities": list(corpus.modalities),
        "classes": list(classes),
        "parts": {name: [row.id for row in part] for name, part in parts.items()},
        "quarantined": list(corpus.part(parts["train"]).quarantined),
    }


def _fine_tuned(
    model: keras.Model, feed: Feed, how: Training, folder: Path
) -> tuple[Feed, keras.Model]:
    """The model after extra epochs in which the text encoder learns too, and what feeds it."""
    encoder = BertEncoder(str(how.network.text_encoder))
    prep, model = unfreeze_text_encoder(feed.prep, model, encoder)
    optimisation = dataclasses.replace(
        how.optimisation,
        epochs=how.optimisation.fine_tune,
        learning_rate=SLOWER * how.optimisation.learning_rate,
        batch_size=max(1, (how.optimisation.batch_size or 0) // SMALLER),
        find_learning_rate=False,
        average_epochs=0,
        snapshots=0,
    )
    how, out = dataclasses.replace(how, optimisation=optimisation), folder / "fine_tuning"
    feed = dataclasses.replace(feed, prep=prep)
    config = {"fine_tuning_of": read_json(folder / "config.json")}
    resume = asked_before(out, config)
    run_folder(out, config)
    model = fit_model(model, feed, how=how, out=out, resume=resume)
    save_model(prep, folder / "preprocessor.keras")
    save_model(model, folder / "best.keras")
    return feed, model

"""Fits a model to the rows of a corpus and leaves a run folder complete."""

import collections
import dataclasses
import functools
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from mmfusion.data.mix import one_hot
from mmfusion.data.presence_weights import presence_weights
from mmfusion.experiments.calibration import FILE as CALIBRATION
from mmfusion.experiments.calibration import calibrate, class_number
from mmfusion.experiments.corpus import Corpus, Part
from mmfusion.experiments.optimisation import (
    extra_callbacks,
    make_loss,
    make_optimizer,
    precision,
    takes_one_hot,
    training_batches,
)
from mmfusion.experiments.run import Run, read_run
from mmfusion.experiments.splits import Parts, fit_batch_size, learnable_classes
from mmfusion.features.bert import BertEncoder
from mmfusion.files import read_json, sha256, share
from mmfusion.models.fine_tuning import unfreeze_text_encoder
from mmfusion.models.mean import mean_of
from mmfusion.options.optimisation import Optimisation
from mmfusion.options.training import Training
from mmfusion.training.backup import advanced, epochs_done, is_finished
from mmfusion.training.best_model import save_model
from mmfusion.training.callbacks import callbacks
from mmfusion.training.learning_rate_range_test import learning_rate_range_test, range_test_plot
from mmfusion.training.multi_worker import by_clip
from mmfusion.training.run_folder import asked_before, run_folder, worker_folder
from mmfusion.training.snapshots import average_weights, snapshots

LOGGER = logging.getLogger(__name__)
FEWEST_TO_JUDGE = 50  # below it the best validation loss is the luckiest, and often an early one
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
    train, val = corpus.part(parts["train"]), (validation or corpus).part(parts["val"])
    classes = learnable_classes(train, parts, corpus.path)
    if how.scoring.positive is not None:
        class_number(classes, how.scoring.positive)
    how = _with_batch_size(how, train, corpus)
    config = _config(corpus, parts, classes, how)
    folder = worker_folder(out)
    resume = asked_before(folder, config)
    if resume and _is_complete(folder, how, validated=bool(len(val))):
        return read_run(folder)
    run_folder(folder, config)
    prep = corpus.preprocessor(train, how.network)
    save_model(prep, folder / "preprocessor.keras")
    strategy = strategy or tf.distribute.get_strategy()
    with strategy.scope(), precision(how.optimisation):
        model = corpus.model(prep, train, how.network, classes=len(classes), seed=how.seed)

    def load(part, prep, **kwargs):
        source = validation if validation and part is val else corpus
        kwargs = {"batch_size": how.optimisation.batch_size} | kwargs
        return source.batches(part, prep, classes=classes, seed=how.seed, **kwargs)

    model = fit_model(model, prep, (train, val), load, how=how, out=out, resume=resume)
    if how.optimisation.fine_tune:
        prep, model = _fine_tuned(prep, model, (train, val), load, how, folder)
    if len(val):
        kwargs = {"folder": folder, "classes": classes, "scoring": how.scoring}
        model = calibrate(model, load(val, prep), **kwargs)
    return Run(folder, config, prep, model)


def fit_model(
    model: keras.Model,
    prep: keras.Model,
    rows: tuple[Part, Part],
    load: Any,
    *,
    how: Training,
    out: str | Path,
    resume: bool,
) -> keras.Model:
    """Fits a model; with the best weights, or their mean, it is left in the run folder.

    Args:
        model: keras.Model from preprocessed batches to probabilities.
        prep: keras.Model. The Preprocessor.
        rows: tuple of the parts to train and to validate on.
        load: function of a part, the Preprocessor and `training` and `weights` to batches.
        how: Training.
        out: Path of the run folder.
        resume: bool. Go on where an earlier run of the same options was cut short.

    Returns:
        keras.Model with these weights.
    """
    (train, val), optimisation, folder = rows, how.optimisation, worker_folder(out)
    first = epochs_done(out, strategy=model.distribute_strategy) if resume else 0
    if not resume:  # what an earlier run of other options kept is not averaged with this one
        for name in ("average", "snapshots"):
            shutil.rmtree(folder / name, ignore_errors=True)
        (folder / CALIBRATION).unlink(missing_ok=True)
    counts = class_counts(train)
    weights = presence_weights(train) if optimisation.balance_presence else None
    batches = load(train, prep, training=how.augmentation, weights=weights)
    steps = int(batches.cardinality())
    mixed = by_clip(training_batches(batches, optimisation, len(counts), seed=how.seed))
    padded = len(model.output_shape) == 3
    compile_with = functools.partial(_compile, model, counts=counts, padded=padded)
    rate = None
    if optimisation.find_learning_rate:
        rate = _found_rate(model, mixed, optimisation, compile_with, folder)
    compile_with(optimisation, steps=optimisation.epochs * steps, learning_rate=rate)
    monitor = "val_loss" if len(val) >= FEWEST_TO_JUDGE else "loss"
    model.fit(
        advanced(mixed, first)
        .repeat()
        .prefetch(2),  # the next epoch is preprocessed while this one is validated
        steps_per_epoch=steps,
        validation_data=_validation(val, prep, load, optimisation, len(counts)),
        epochs=optimisation.epochs,
        callbacks=callbacks(
            out,
            monitor=monitor,
            patience=optimisation.patience,
            resume=resume,
            data=batches,
            extra=extra_callbacks(optimisation, folder, monitor=monitor),
        ),
        shuffle=False,
        verbose=0,
    )
    if optimisation.average_epochs and snapshots(folder / "average"):
        average_weights(model, snapshots(folder / "average"))
        save_model(model, folder / "best.keras")
    if model.distribute_strategy.num_replicas_in_sync > 1:
        return keras.saving.load_model(folder / "best.keras", compile=False)
    return model


def class_counts(part: Part) -> list[int]:
    """How many rows each class has, in the order of the classes."""
    found = collections.Counter(row["label"] for row in part.rows)
    return [found[name] for name in part.classes]


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


def _validation(val, prep, load, optimisation, classes):
    if not len(val):
        return None
    batches = by_clip(load(val, prep))
    return one_hot(batches, classes) if takes_one_hot(optimisation) else batches


def _compile(
    model: keras.Model,
    how: Optimisation,
    *,
    counts: Sequence[int],
    padded: bool,
    steps: int,
    learning_rate: float | None = None,
) -> None:
    with (model.distribute_strategy or tf.distribute.get_strategy()).scope():
        model.compile(
            optimizer=make_optimizer(how, steps=steps, learning_rate=learning_rate),
            loss=make_loss(how, counts, padded=padded),
            weighted_metrics=["accuracy"],
        )


def _found_rate(model, batches, how, compile_with, folder):
    """The learning rate that a range test suggests; its plot goes into the run folder."""
    compile_with(dataclasses.replace(how, schedule="fixed"), steps=1)
    found = learning_rate_range_test(model, batches)
    (folder / "plots").mkdir(exist_ok=True)
    path = folder / "plots" / "learning_rate_range_test.png"
    range_test_plot(found).savefig(path, dpi=150, bbox_inches="tight")
    LOGGER.info("learning rate by the range test: %.2g", found["suggested"])
    return found["suggested"]


def _fine_tuned(prep, model, rows, load, how, folder):
    """The Preprocessor and the model after extra epochs, in which the text encoder learns too."""
    prep, model = unfreeze_text_encoder(prep, model, BertEncoder(how.network.text_encoder))
    size = max(1, how.optimisation.batch_size // SMALLER)
    optimisation = dataclasses.replace(
        how.optimisation,
        epochs=how.optimisation.fine_tune,
        learning_rate=SLOWER * how.optimisation.learning_rate,
        batch_size=size,
        find_learning_rate=False,
        average_epochs=0,
        snapshots=0,
    )
    slower = dataclasses.replace(how, optimisation=optimisation)
    load, out = functools.partial(load, batch_size=size), folder / "fine_tuning"
    config = {"fine_tuning_of": read_json(folder / "config.json")}
    resume = asked_before(out, config)
    run_folder(out, config)
    model = fit_model(model, prep, rows, load, how=slower, out=out, resume=resume)
    save_model(prep, folder / "preprocessor.keras")
    save_model(model, folder / "best.keras")
    return prep, model

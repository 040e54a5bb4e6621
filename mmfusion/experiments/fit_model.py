"""Compiles a model as the options say and fits it into its run folder."""

import dataclasses
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

import keras
import tensorflow as tf

from mmfusion.evaluation.plots import save_png
from mmfusion.experiments.calibration import FILE as CALIBRATION
from mmfusion.experiments.feed import Feed
from mmfusion.experiments.optimisation import extra_callbacks, make_loss, make_optimizer
from mmfusion.options.optimisation import Optimisation
from mmfusion.options.training import Training
from mmfusion.training.backup import advanced, epochs_done
from mmfusion.training.best_model import save_model
from mmfusion.training.callbacks import callbacks
from mmfusion.training.learning_rate_range_test import learning_rate_range_test, range_test_plot
from mmfusion.training.run_folder import worker_folder
from mmfusion.training.snapshots import average_weights, snapshots

LOGGER = logging.getLogger(__name__)
FEWEST_TO_JUDGE = 50  # below it the best validation loss is the luckiest, and often an early one


def fit_model(
    model: keras.Model, feed: Feed, *, how: Training, out: str | Path, resume: bool = False
) -> keras.Model:
    """Fits a model; with the best weights, or their mean, it is left in the run folder.

    Args:
        model: keras.Model from preprocessed batches to probabilities.
        feed: Feed.
        how: Training.
        out: Path of the run folder.
        resume: bool. Go on where an earlier run of the same options was cut short.

    Returns:
        keras.Model with these weights.
    """
    optimisation, folder = how.optimisation, worker_folder(out)
    first = epochs_done(out, strategy=model.distribute_strategy) if resume else 0
    if not resume:
        _forget(folder)
    batches = feed.plain(how)
    mixed, steps = feed.mixed(batches, how), int(batches.cardinality())
    rate = optimisation.learning_rate
    if optimisation.find_learning_rate:
        rate = _found_rate(model, mixed, optimisation, feed.counts, folder)
    optimisation = dataclasses.replace(optimisation, learning_rate=rate)
    compile_model(model, optimisation, feed.counts, steps=optimisation.epochs * steps)
    monitor = "val_loss" if len(feed.val) >= FEWEST_TO_JUDGE else "loss"
    model.fit(
        advanced(mixed, first)
        .repeat()
        .prefetch(2),  # the next epoch is preprocessed while this one is validated
        steps_per_epoch=steps,
        validation_data=feed.judged(how),
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


def compile_model(
    model: keras.Model, how: Optimisation, counts: Sequence[int], *, steps: int
) -> None:
    """Compiles a model within the strategy that it was built in.

    Args:
        model: keras.Model to probabilities `(B, K)`, of sequences `(B, T, K)`.
        how: Optimisation.
        counts: sequence of K ints, the training rows of each class.
        steps: int. Batches of the training.
    """
    padded = len(model.output_shape) == 3
    with (model.distribute_strategy or tf.distribute.get_strategy()).scope():
        model.compile(
            optimizer=make_optimizer(how, steps=steps),
            loss=make_loss(how, counts, padded=padded),
            weighted_metrics=["accuracy"],
        )


def _forget(folder: Path) -> None:
    """Removes what a run of other options kept: it is not averaged or calibrated with this one."""
    for name in ("average", "snapshots"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / CALIBRATION).unlink(missing_ok=True)


def _found_rate(
    model: keras.Model,
    batches: tf.data.Dataset,
    how: Optimisation,
    counts: Sequence[int],
    folder: Path,
) -> float:
    """The learning rate that a range test suggests; its plot goes into the run folder."""
    compile_model(model, dataclasses.replace(how, schedule="fixed"), counts, steps=1)
    found = learning_rate_range_test(model, batches)
    (folder / "plots").mkdir(exist_ok=True)
    path = folder / "plots" / "learning_rate_range_test.png"
    save_png(range_test_plot(found), path)
    LOGGER.info("learning rate by the range test: %.2g", found["suggested"])
    return found["suggested"]

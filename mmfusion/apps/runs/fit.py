"""Compiles a model as the options say and fits it into its run folder."""

import collections
import dataclasses
import logging
import shutil

import tensorflow as tf

from mmfusion.apps.runs.optimisation import (
    as_trained_on,
    further_callbacks,
    make_loss,
    make_optimizer,
    shares_wanted,
)
from mmfusion.data.mix import one_hot
from mmfusion.training.backup import advanced, epochs_done
from mmfusion.training.best_model import save_model
from mmfusion.training.callbacks import callbacks
from mmfusion.training.learning_rate_range_test import learning_rate_range_test, range_test_plot
from mmfusion.training.multi_worker import by_clip
from mmfusion.training.run_folder import worker_folder
from mmfusion.training.snapshots import average_weights, snapshots

LOGGER = logging.getLogger(__name__)
BATCH_SIZE = 16


def fit_batches(model, batches, judged, *, options, counts, monitor, resume):
    """Fits a model; with the best weights, or their mean, it is left in the run folder.

    Args:
        model: keras.Model from model-ready batches to probabilities `(B, K)`.
        batches: tf.data.Dataset of an epoch of training batches.
        judged: tf.data.Dataset of the validation batches.
        options: Options of `mmfusion train`.
        counts: Sequence of K ints, the training clips of each class.
        monitor: str. The figure that tells the best epoch.
        resume: bool. Go on where an earlier run of the same options was cut short.
    """
    how, folder = options.optimisation, worker_folder(options.out)
    first = epochs_done(options.out, strategy=model.distribute_strategy) if resume else 0
    if not resume:  # what an earlier run of other options kept is not averaged with this one
        for name in ("average", "snapshots"):
            shutil.rmtree(folder / name, ignore_errors=True)
    steps = int(batches.cardinality())
    mixed = by_clip(as_trained_on(batches, how, len(counts), seed=options.seed))
    judged = by_clip(judged)
    rate = _found_rate(model, mixed, options, counts) if options.find_rate else options.rate
    _compile(model, how, rate, options.epochs * steps, options.weight_decay, counts)
    model.fit(
        advanced(mixed, first)
        .repeat()
        .prefetch(2),  # the next epoch is made ready while this one is validated
        steps_per_epoch=steps,
        validation_data=one_hot(judged, len(counts)) if shares_wanted(how) else judged,
        epochs=options.epochs,
        callbacks=callbacks(
            options.out,
            monitor=monitor,
            patience=options.patience,
            resume=resume,
            data=batches,
            extra=further_callbacks(how, folder, epochs=options.epochs, monitor=monitor),
        ),
        shuffle=False,
        verbose=0,
    )
    if how.average_epochs and snapshots(folder / "average"):
        average_weights(model, snapshots(folder / "average"))
        save_model(model, folder / "best.keras")


def fitting(batch_size, clips):
    """The batch size asked for, or one that the clips to train on fill.

    Raises:
        ValueError: if it is larger than the data.
    """
    labelled = sum(clip.label is not None for clip in clips)
    if batch_size is None:
        return min(BATCH_SIZE, labelled)
    if not 1 <= batch_size <= labelled:
        raise ValueError(
            f"`batch_size` must be 1 to the {labelled} clips to train on. "
            f"Received: batch_size={batch_size}"
        )
    return batch_size


def class_counts(records, classes):
    """How many clips each class has, in the order of `classes`."""
    found = collections.Counter(row["label"] for row in records.rows)
    return [found[name] for name in classes]


def _compile(model, how, rate, steps, weight_decay, counts):
    with (model.distribute_strategy or tf.distribute.get_strategy()).scope():
        model.compile(
            optimizer=make_optimizer(how, rate, steps=steps, weight_decay=weight_decay),
            loss=make_loss(how, counts),
            weighted_metrics=["accuracy"],
        )


def _found_rate(model, batches, options, counts):
    """The rate that a range test suggests; its plot goes into the run folder."""
    how = dataclasses.replace(options.optimisation, schedule="fixed")
    _compile(model, how, options.rate, 1, options.weight_decay, counts)
    found = learning_rate_range_test(model, batches)
    plots = worker_folder(options.out) / "plots"
    plots.mkdir(exist_ok=True)
    range_test_plot(found).savefig(plots / "rate_test.png", dpi=150, bbox_inches="tight")
    LOGGER.info("learning rate by the range test: %.2g", found["suggested"])
    return found["suggested"]

"""Chapter 5: training, scoring and tuning."""

from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import tensorflow as tf

from mmfusion.evaluation.report import Report, report
from mmfusion.models.classifier import classifier
from mmfusion.specs import ClipSpec
from mmfusion.training.callbacks import callbacks


def create_model(
    spec: ClipSpec, *, classes: int, fusion: keras.layers.Layer | None = None
) -> keras.Model:
    """Chapter 5: a classifier compiled as the book does: SGD at 0.001, cross-entropy.

    Args:
        spec: ClipSpec.
        classes: int. Number K of classes.
        fusion: fusion layer; `DecisionFusion` by default.

    Returns:
        keras.Model.
    """
    model = classifier(spec, classes=classes, fusion=fusion)
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.001),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(
    model: keras.Model,
    train: tf.data.Dataset,
    val: tf.data.Dataset,
    *,
    run: str | Path,
    epochs: int = 20,
) -> keras.callbacks.History:
    """Chapter 5: fits with early stopping into the run folder `run`.

    Returns:
        keras.callbacks.History.
    """
    return model.fit(
        train,
        validation_data=val,
        epochs=epochs,
        callbacks=callbacks(run),
        shuffle=False,
        verbose=0,
    )


def evaluate_model(model: keras.Model, data: tf.data.Dataset, *, classes: Sequence[str]) -> Report:
    """Chapter 5: accuracy, recall, F1 and the rest. See `mm.evaluation.report`."""
    return report(model, data, classes=classes)


def optimize_model(
    build: Callable[[], keras.Model],
    train: tf.data.Dataset,
    val: tf.data.Dataset,
    *,
    learning_rates: Sequence[float] = (1e-2, 1e-3, 1e-4),
    epochs: int = 5,
) -> tuple[keras.Model, dict[float, float]]:
    """Chapter 5: tries learning rates on fresh models, keeps the best by validation loss.

    Args:
        build: function of nothing to a compiled keras.Model.
        train: Dataset to fit.
        val: Dataset to choose by.
        learning_rates: sequence of float.
        epochs: int. For each learning rate.

    Returns:
        Tuple of the best model and a dict of learning rate to its lowest validation loss.

    Raises:
        ValueError: if there is no learning rate to try.
    """
    if not learning_rates:
        raise ValueError(
            f"`learning_rates` must name at least one. Received: learning_rates={learning_rates}"
        )
    models, losses = {}, {}
    for rate in learning_rates:
        models[rate] = build()
        models[rate].optimizer.learning_rate = rate
        fitted = models[rate].fit(
            train, validation_data=val, epochs=epochs, shuffle=False, verbose=0
        )
        losses[rate] = min(fitted.history["val_loss"])
    return models[min(losses, key=lambda rate: losses[rate])], losses

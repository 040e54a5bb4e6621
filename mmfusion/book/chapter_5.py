"""Chapter 5: training, scoring and tuning."""

import keras

from mmfusion.evaluation.report import report
from mmfusion.models.classifier import classifier
from mmfusion.training.callbacks import callbacks


def create_model(spec, *, classes, fusion=None):
    """Chapter 5: a classifier compiled as the book does: SGD at 0.001, cross-entropy.

    Args:
        spec: ClipSpec.
        classes: int. Number K of classes.
        fusion: fusion layer; `GatedFusion` by default.

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


def train_model(model, train, val, *, run, epochs=20):
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


def evaluate_model(model, data, *, classes):
    """Chapter 5: accuracy, recall, F1 and the rest. See `mm.evaluation.report`."""
    return report(model, data, classes=classes)


def optimize_model(build, train, val, *, rates=(1e-2, 1e-3, 1e-4), epochs=5):
    """Chapter 5: tries learning rates on fresh models and keeps the best by validation loss.

    Args:
        build: function of nothing to a compiled keras.Model.
        train: Dataset to fit.
        val: Dataset to choose by.
        rates: sequence of float.
        epochs: int. For each rate.

    Returns:
        Tuple of the best model and a dict of rate to its lowest validation loss.

    Raises:
        ValueError: if there is no rate to try.
    """
    if not rates:
        raise ValueError(f"`rates` must name at least one. Received: rates={rates}")
    models, losses = {}, {}
    for rate in rates:
        models[rate] = build()
        models[rate].optimizer.learning_rate = rate
        fitted = models[rate].fit(
            train, validation_data=val, epochs=epochs, shuffle=False, verbose=0
        )
        losses[rate] = min(fitted.history["val_loss"])
    return models[min(losses, key=losses.get)], losses

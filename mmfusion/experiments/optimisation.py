"""Optimiser, loss, mixtures and callbacks, as `Optimisation` names them."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import keras
import tensorflow as tf

from mmfusion.data import mix
from mmfusion.experiments.tables import LOSSES, MIXES, OPTIMIZERS, SCHEDULES
from mmfusion.losses.class_weights import class_weights
from mmfusion.options.optimisation import Optimisation
from mmfusion.training.moving_average import MovingAverage
from mmfusion.training.optimizers import exclude_from_weight_decay
from mmfusion.training.plateau import Plateau
from mmfusion.training.snapshots import Snapshots


def make_optimizer(
    how: Optimisation, *, steps: int, learning_rate: float | None = None
) -> keras.optimizers.Optimizer:
    """The optimiser; biases and the scales of normalisation are not decayed.

    Args:
        how: Optimisation.
        steps: int. Batches of the training.
        learning_rate: float. In place of that of `how`.

    Returns:
        keras.optimizers.Optimizer.
    """
    steps = max(1, steps // how.gradient_accumulation_steps)
    accumulation = how.gradient_accumulation_steps
    kwargs = {
        "learning_rate": SCHEDULES[how.schedule](learning_rate or how.learning_rate, steps, how),
        "weight_decay": how.weight_decay or None,
        "global_clipnorm": how.clip_norm,
        "gradient_accumulation_steps": accumulation if accumulation > 1 else None,
    }
    if how.ema_momentum is not None:
        kwargs |= {"use_ema": True, "ema_momentum": how.ema_momentum}
    if how.optimizer in ("sgd", "rmsprop"):
        kwargs["momentum"] = how.momentum
    if how.optimizer == "sgd":
        kwargs["nesterov"] = how.nesterov
    if how.optimizer == "adamw":
        kwargs["weight_decay"] = how.weight_decay
    return exclude_from_weight_decay(OPTIMIZERS[how.optimizer](**kwargs))


def make_loss(
    how: Optimisation, counts: Sequence[int], *, padded: bool = False
) -> keras.losses.Loss:
    """The loss.

    Args:
        how: Optimisation.
        counts: Sequence of K ints, the training clips of each class.
        padded: bool. Whether labels are those of padded sequences, weight 0 where there is none.

    Returns:
        keras.losses.Loss.
    """
    even = not how.balance_classes or len(set(counts)) == 1
    plain = even and how.mix is None and not how.label_smoothing and not padded
    if plain and how.loss == "cross_entropy":
        return keras.losses.SparseCategoricalCrossentropy()  # which reads the logits
    return LOSSES[how.loss](
        how,
        label_smoothing=how.label_smoothing,
        class_weights=None if even else class_weights(counts).tolist(),
        reduction="mean_with_sample_weight" if padded else "sum_over_batch_size",
    )


def takes_one_hot(how: Optimisation) -> bool:
    """Whether labels must come as shares of classes `(B, K)`."""
    return how.mix is not None or how.loss == "mse"


def training_batches(
    batches: tf.data.Dataset, how: Optimisation, classes: int, *, seed: int = 0
) -> tf.data.Dataset:
    """Training batches, mixed where `how` names a mixture.

    Args:
        batches: tf.data.Dataset of `(x, y)` or `(x, y, weight)`.
        how: Optimisation.
        classes: int. K.
        seed: int.

    Returns:
        tf.data.Dataset.
    """
    if how.mix is not None:
        return mix.mixed(batches, classes, MIXES[how.mix], alpha=how.mix_alpha, seed=seed)
    return mix.one_hot(batches, classes) if takes_one_hot(how) else batches


def extra_callbacks(
    how: Optimisation, folder: Path, *, monitor: str
) -> list[keras.callbacks.Callback]:
    """The callbacks that this way of training needs beside `mm.training.callbacks`.

    Args:
        how: Optimisation.
        folder: Path of the run folder.
        monitor: str. The figure that shows progress.

    Returns:
        List of keras.callbacks.Callback.
    """
    extra = [] if how.ema_momentum is None else [MovingAverage()]
    if how.schedule == "plateau":
        extra.append(Plateau(monitor=monitor))
    ends = {how.epochs * (cycle + 1) // how.snapshots - 1 for cycle in range(how.snapshots)}
    if ends:
        extra.append(Snapshots(folder / "snapshots", ends))
    if how.average_epochs:
        last = range(max(0, how.epochs - how.average_epochs), how.epochs)
        extra.append(Snapshots(folder / "average", last))
    return extra


@contextlib.contextmanager
def precision(how: Optimisation) -> Iterator[None]:
    """Within it, layers compute in the precision of `how`."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(how.precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)

"""How a model is trained, by name: loss, optimiser, schedule, mixtures, precision."""

import contextlib
import dataclasses

import keras

from mmfusion.data import mix
from mmfusion.losses.class_weights import class_weights
from mmfusion.losses.cross_entropy import CrossEntropy
from mmfusion.losses.focal import Focal
from mmfusion.training import schedules
from mmfusion.training.moving_average import MovingAverage
from mmfusion.training.optimizers import exclude_from_weight_decay
from mmfusion.training.plateau import Plateau
from mmfusion.training.snapshots import Snapshots

OPTIMIZERS = {
    "adagrad": keras.optimizers.Adagrad,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "lion": keras.optimizers.Lion,
    "rmsprop": keras.optimizers.RMSprop,
    "sgd": keras.optimizers.SGD,
}
SCHEDULES = {
    "cosine": lambda rate, steps, how: schedules.cosine(rate, steps, warmup=how.warmup),
    "cycles": lambda rate, steps, how: schedules.cycles(rate, steps, count=how.snapshots or 1),
    "exponential": lambda rate, steps, how: schedules.exponential(rate, steps),
    "fixed": lambda rate, steps, how: schedules.fixed(rate, steps),
    "plateau": lambda rate, steps, how: schedules.fixed(rate, steps),
    "step": lambda rate, steps, how: schedules.step(rate, steps),
}
LOSSES = {
    "cross_entropy": lambda how, **given: CrossEntropy(**given),
    "focal": lambda how, **given: Focal(how.gamma, **given),
    "mse": lambda how, **given: keras.losses.MeanSquaredError(),
}
MIXES = {"cutmix": mix.cutmix, "mixup": mix.mixup}
PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")


@dataclasses.dataclass(frozen=True)
class Optimisation:
    """How a model is trained.

    Args:
        optimizer: str. A name in `OPTIMIZERS`.
        schedule: str. A name in `SCHEDULES`.
        warmup: float. Share of the steps in which the rate of `cosine` rises.
        momentum: float. Of `sgd` and `rmsprop`.
        nesterov: bool. Of `sgd`.
        clip_norm: float. Longest allowed gradient, all weights together; none if null.
        accumulate: int. Batches whose gradients make one step.
        ema: float. Momentum of a moving average of the weights, which is then kept; none if null.
        loss: str. A name in `LOSSES`.
        smoothing: float. Share of each label that is spread over all classes.
        gamma: float. Of the focal loss.
        balance_classes: bool. Weigh classes by their effective number of clips.
        mix: str. `mixup` or `cutmix`; none if null.
        mix_alpha: float. Of the Beta distribution of the share.
        precision: str. `float32`, `mixed_bfloat16` or `mixed_float16`.
        snapshots: int. Models kept on the way, each at the end of a cycle.
        average_epochs: int. The last epochs whose weights are averaged at the end (SWA).
    """

    optimizer: str = "adamw"
    schedule: str = "cosine"
    warmup: float = 0.1
    momentum: float = 0.9
    nesterov: bool = False
    clip_norm: float | None = 1.0
    accumulate: int = 1
    ema: float | None = None
    loss: str = "cross_entropy"
    smoothing: float = 0.0
    gamma: float = 2.0
    balance_classes: bool = False
    mix: str | None = None
    mix_alpha: float = 0.2
    precision: str = "float32"
    snapshots: int = 0
    average_epochs: int = 0

    def __post_init__(self):
        for name, known in (
            ("optimizer", OPTIMIZERS),
            ("schedule", SCHEDULES),
            ("loss", LOSSES),
            ("mix", (None, *MIXES)),
            ("precision", PRECISIONS),
        ):
            if getattr(self, name) not in known:
                told = ", ".join(map(str, known))
                raise ValueError(
                    f"`{name}` must be one of {told}. Received: {getattr(self, name)!r}"
                )
        for name, least in (("accumulate", 1), ("snapshots", 0), ("average_epochs", 0)):
            if getattr(self, name) < least:
                received = getattr(self, name)
                raise ValueError(f"`{name}` must be at least {least}. Received: {name}={received}")


def make_optimizer(how, rate, *, steps, weight_decay=0.0):
    """The optimiser; biases and the scales of normalisation are not decayed.

    Args:
        how: Optimisation.
        rate: float. The highest learning rate.
        steps: int. Batches of the training.
        weight_decay: float. Decoupled.

    Returns:
        keras.optimizers.Optimizer.
    """
    steps = max(1, steps // how.accumulate)
    given = {
        "learning_rate": SCHEDULES[how.schedule](rate, steps, how),
        "weight_decay": weight_decay or None,
        "global_clipnorm": how.clip_norm,
        "gradient_accumulation_steps": how.accumulate if how.accumulate > 1 else None,
    }
    if how.ema is not None:
        given |= {"use_ema": True, "ema_momentum": how.ema}
    if how.optimizer in ("sgd", "rmsprop"):
        given["momentum"] = how.momentum
    if how.optimizer == "sgd":
        given["nesterov"] = how.nesterov
    if how.optimizer == "adamw":
        given["weight_decay"] = weight_decay
    return exclude_from_weight_decay(OPTIMIZERS[how.optimizer](**given))


def make_loss(how, counts):
    """The loss.

    Args:
        how: Optimisation.
        counts: Sequence of K ints, the training clips of each class.

    Returns:
        keras.losses.Loss.
    """
    plain = how.mix is None and not how.smoothing and not how.balance_classes
    if plain and how.loss == "cross_entropy":
        return keras.losses.SparseCategoricalCrossentropy()  # which reads the logits
    weights = class_weights(counts).tolist() if how.balance_classes else None
    return LOSSES[how.loss](how, label_smoothing=how.smoothing, class_weights=weights)


def shares_wanted(how):
    """Whether labels must come as shares of classes `(B, K)`."""
    return how.mix is not None or how.loss == "mse"


def as_trained_on(batches, how, classes, *, seed=0):
    """Training batches, mixed where that is asked for.

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
    return mix.one_hot(batches, classes) if shares_wanted(how) else batches


def further_callbacks(how, folder, *, epochs, monitor):
    """The callbacks that this way of training needs beside the house's.

    Args:
        how: Optimisation.
        folder: Path of the run folder.
        epochs: int.
        monitor: str. The figure that tells progress.

    Returns:
        List of keras.callbacks.Callback.
    """
    further = [] if how.ema is None else [MovingAverage()]
    if how.schedule == "plateau":
        further.append(Plateau(monitor=monitor))
    ends = {epochs * (cycle + 1) // how.snapshots - 1 for cycle in range(how.snapshots)}
    if ends:
        further.append(Snapshots(folder / "snapshots", ends))
    if how.average_epochs:
        last = range(max(0, epochs - how.average_epochs), epochs)
        further.append(Snapshots(folder / "average", last))
    return further


@contextlib.contextmanager
def precision(how):
    """Within it, layers compute in the precision asked for."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(how.precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)

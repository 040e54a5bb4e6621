"""The learning-rate range test: how the loss goes while the rate rises over a few batches."""

import itertools
import math
from collections.abc import Mapping
from typing import Any, cast

import keras
import numpy as np
import tensorflow as tf
from matplotlib.axes import Axes
from matplotlib.figure import Figure

SMOOTHING = 0.8  # of the loss, from batch to batch
DIVERGED = 4.0  # times the lowest loss


def learning_rate_range_test(
    model: keras.Model,
    batches: tf.data.Dataset,
    *,
    lowest: float = 1e-6,
    highest: float = 1.0,
    steps: int = 100,
) -> dict[str, Any]:
    """Trains with a rate that rises from batch to batch, and puts the model back as it was.

    Args:
        model: keras.Model, compiled with a fixed learning rate.
        batches: tf.data.Dataset of training batches; repeated if need be.
        lowest: float. The first rate.
        highest: float. The last one, unless the loss breaks away before.
        steps: int. Batches.

    Returns:
        dict of `"learning_rates"` and smoothed `"losses"`, and `"suggested"`: a third of the
        rate at which the loss was lowest, where it still falls fast.

    Raises:
        ValueError: if the rates are out of order, or the rate of the model follows a schedule.

    Reference:
        [Smith, 2017](https://arxiv.org/abs/1506.01186)
    """
    if not 0 < lowest < highest or steps < 2:
        raise ValueError(
            "Expected 0 < `lowest` < `highest` and at least 2 `steps`. "
            f"Received: lowest={lowest}, highest={highest}, steps={steps}"
        )
    if isinstance(model.optimizer._learning_rate, keras.optimizers.schedules.LearningRateSchedule):
        raise ValueError(
            "The range test needs an optimiser with a fixed rate. Received: a schedule"
        )
    model.optimizer.build(model.trainable_variables)
    variables = [*model.variables, *model.optimizer.variables]
    before = [keras.ops.convert_to_numpy(variable) for variable in variables]
    learning_rates, smooth = np.geomspace(lowest, highest, steps).tolist(), None
    losses: list[float] = []
    for learning_rate, batch in zip(
        learning_rates, itertools.islice(batches.repeat(), steps), strict=False
    ):
        model.optimizer.learning_rate = learning_rate
        loss = float(model.train_on_batch(*batch, return_dict=True)["loss"])
        smooth = loss if smooth is None else SMOOTHING * smooth + (1 - SMOOTHING) * loss
        if not math.isfinite(smooth) or smooth > DIVERGED * min([*losses, smooth]):
            break
        losses.append(smooth)
    for variable, value in zip(variables, before, strict=True):
        variable.assign(value)
    model.reset_metrics()
    found = learning_rates[int(np.argmin(losses))] / 3 if losses else lowest
    return {"learning_rates": learning_rates[: len(losses)], "losses": losses, "suggested": found}


def range_test_plot(found: Mapping[str, Any], *, ax: Axes | None = None) -> Figure:
    """Loss against the rising rate, with the suggested rate.

    Args:
        found: dict, from `learning_rate_range_test`.
        ax: matplotlib Axes to draw into; a new figure by default.

    Returns:
        matplotlib.figure.Figure.
    """
    if ax is None:
        ax = Figure(figsize=(4.6, 2.9), dpi=150, layout="constrained").subplots()
    ax.plot(found["learning_rates"], found["losses"], color="#2f6db5", lw=2)
    label = f"suggested: {found['suggested']:.2g}"
    ax.axvline(found["suggested"], color="#d97732", lw=1.5, label=label)
    ax.set(xscale="log", xlabel="learning rate", ylabel="loss")
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False)
    return cast(Figure, ax.figure)

"""Losses of several tasks weighed by how uncertain each is, which is learned beside the tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("mmfusion")
class UncertaintyWeighting(keras.Model):
    """Trains a model of several tasks and learns how much the loss of each counts.

    The loss of a task is multiplied by `exp(-s)` and `s / 2` is added, where `s`, the logarithm of
    its variance, is learned: a noisy task counts less. Fixed weights are Keras's own
    `compile(loss_weights=...)` and need no such thing. After training, `model` is the plain model.

    Args:
        model: keras.Model that returns a dict of task to outputs, as `multitask` makes it.
        losses_of: dict of task to `keras.losses.Loss`.
        **kwargs: Standard model keyword arguments.

    Call arguments:
        inputs: what `model` takes.

    Returns:
        What `model` returns.

    Raises:
        ValueError: if a task has no loss, or a loss no task.

    Example:

    >>> inputs = keras.Input((3,))
    >>> heads = {task: keras.layers.Dense(1, name=task)(inputs) for task in "ab"}
    >>> losses = {task: keras.losses.MeanSquaredError() for task in "ab"}
    >>> weighted = mm.models.UncertaintyWeighting(keras.Model(inputs, heads), losses)
    >>> weighted.compile(optimizer="sgd")
    >>> history = weighted.fit(np.ones((4, 3)), {task: np.ones((4, 1)) for task in "ab"}, verbose=0)
    >>> sorted(weighted.loss_weights())
    ['a', 'b']

    Reference:
        [Kendall et al., 2018](https://arxiv.org/abs/1705.07115)
    """

    def __init__(
        self, model: keras.Model, losses_of: Mapping[str, keras.losses.Loss], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if set(model.output) != set(losses_of):
            raise ValueError(
                f"`losses_of` must name the tasks {sorted(model.output)}. "
                f"Received: {sorted(losses_of)}"
            )
        self.model = model
        self.losses_of = losses_of
        self.log_variances = {
            task: self.add_weight(shape=(), initializer="zeros", name=f"{task}_log_variance")
            for task in sorted(losses_of)
        }

    def call(
        self, inputs: dict[str, keras.KerasTensor], training: bool | None = None
    ) -> dict[str, keras.KerasTensor]:
        return self.model(inputs, training=training)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool | None = True,
    ) -> keras.KerasTensor:
        """The weighed sum; `sample_weight` is one for all tasks, or a dict by task."""
        total = sum(self.losses)  # regularisers of the layers
        for task, log_variance in self.log_variances.items():
            weight = sample_weight.get(task) if isinstance(sample_weight, dict) else sample_weight
            loss = self.losses_of[task](y[task], y_pred[task], sample_weight=weight)
            total = total + ops.exp(-log_variance) * loss + log_variance / 2
        return total

    def loss_weights(self) -> dict[str, float]:
        """What the loss of each task is multiplied by now, a dict of float."""
        return {task: float(ops.exp(-value)) for task, value in self.log_variances.items()}

    def get_config(self) -> dict[str, Any]:
        parts = {"model": self.model, "losses_of": self.losses_of}
        saved = {name: keras.saving.serialize_keras_object(part) for name, part in parts.items()}
        return {**super().get_config(), **saved}

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None
    ) -> UncertaintyWeighting:
        parts = {
            name: keras.saving.deserialize_keras_object(config[name])
            for name in ("model", "losses_of")
        }
        return cls(**{**config, **parts})

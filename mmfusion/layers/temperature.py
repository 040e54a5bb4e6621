"""Probabilities made softer or sharper by one number."""

from typing import Any

import keras

SMALLEST = 1e-12


@keras.saving.register_keras_serializable("mmfusion")
class Temperature(keras.layers.Layer):
    """Softens probabilities: `p ** (1 / value)`, scaled to sum to 1. The likeliest class stays.

    Args:
        value: float. 1 changes nothing, more makes the model less sure.

    Call arguments:
        inputs: float tensor of shape `(B, K)`, probabilities.

    Returns:
        Float tensor of shape `(B, K)`.

    Raises:
        ValueError: if `value` is not positive.

    Example:

    >>> mm.layers.Temperature(2.0)(np.array([[0.9, 0.1]])).numpy().round(4)
    array([[0.75, 0.25]], dtype=float32)

    Reference:
        [Guo et al., 2017](https://arxiv.org/abs/1706.04599)
    """

    def __init__(self, value: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not value > 0:
            raise ValueError(f"`value` must be positive. Received: value={value}")
        self.value = value

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        return keras.ops.softmax(keras.ops.log(keras.ops.maximum(inputs, SMALLEST)) / self.value)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "value": self.value}

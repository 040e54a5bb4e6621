"""Validates and keeps the moving average of the weights while the weights themselves train on."""

from typing import Any

import keras


class MovingAverage(keras.callbacks.SwapEMAWeights):
    """Puts the optimiser's moving average into the model for validation and for the checkpoints.

    For an optimiser with `use_ema=True`. It stands before the callbacks that save the model.

    Reference:
        [Polyak and Juditsky, 1992](https://doi.org/10.1137/0330046)
    """

    def __init__(self) -> None:
        super().__init__(swap_on_epoch=True)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._ema_weights_in_model = False

    def state(self) -> dict[str, Any]:
        """What a resumed run must know, as JSON can hold it."""
        return {"swapped": self._ema_weights_in_model}

    def set_state(self, state: dict[str, Any]) -> None:
        """The inverse of `state`."""
        self._ema_weights_in_model = state["swapped"]

"""Lowers the learning rate when the loss no longer falls, and remembers it over a resume."""

from typing import Any

import keras


class Plateau(keras.callbacks.ReduceLROnPlateau):
    """`keras.callbacks.ReduceLROnPlateau` whose state a resumed training gets back.

    The learning rate itself is a variable of the optimiser and is kept with it. A figure of
    validation falls back to that of training, where nothing validates.

    Args:
        monitor: str. Metric that is watched.
        factor: float. What the learning rate is multiplied by.
        patience: int. Epochs without a better figure before the learning rate falls.
        mode: str. `"min"`, `"max"` or `"auto"`.
    """

    monitor: str

    def __init__(
        self,
        *,
        monitor: str = "val_loss",
        factor: float = 0.5,
        patience: int = 5,
        mode: str = "auto",
    ) -> None:
        super().__init__(monitor=monitor, factor=factor, patience=patience, mode=mode)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self.monitor not in (logs or {}):
            self.monitor = self.monitor.removeprefix("val_")
        super().on_epoch_end(epoch, logs)

    def state(self) -> dict[str, Any]:
        """What a resumed run must know, as JSON can hold it."""
        best = None if self.best is None else float(self.best)
        return {"best": best, "wait": self.wait, "cooldown": self.cooldown_counter}

    def set_state(self, state: dict[str, Any]) -> None:
        """The inverse of `state`."""
        self.best, self.wait = state["best"], state["wait"]
        self.cooldown_counter = state["cooldown"]

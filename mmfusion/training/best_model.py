"""Keeps the best epoch's model on disk, stops when no better one comes, and restores it."""

import logging
import math
import time
from pathlib import Path
from typing import Any

import keras

from mmfusion.files import replacing

LOGGER = logging.getLogger(__name__)
SHARE = 0.005  # of the time of a training that writing the model may take
FIRST_S = 30.0  # a shorter training writes its model once, at its end
RISING = ("accuracy", "auc", "precision", "recall", "f1", "f1_score")


class BestModel(keras.callbacks.Callback):
    """Writes the model of the best epoch, stops early and restores the best weights.

    The file appears whole or not at all: at the end, and before that as often as writing it keeps
    within its share of the time, first after half a minute.

    Args:
        path: Path of the `.keras` file.
        monitor: str. Metric that ranks epochs. `"val_loss"` without validation data is the
            training loss.
        mode: str. `"min"`, `"max"`, or `"auto"`: rising for accuracy and its kin.
        patience: int. Epochs without a better figure before training stops.

    Attributes:
        best: float. The best figure, None before there is one.
        wait: int. Epochs since.
        weights: List of arrays, the best weights; empty before there are some.

    Raises:
        ValueError: if an argument is out of range, or `fit` does not know the figure.
    """

    def __init__(
        self, path: str | Path, *, monitor: str = "val_loss", mode: str = "auto", patience: int = 10
    ) -> None:
        super().__init__()
        if mode not in ("auto", "min", "max"):
            raise ValueError(f'`mode` must be "auto", "min" or "max". Received: mode={mode!r}')
        if patience < 1:
            raise ValueError(f"`patience` must be at least 1. Received: patience={patience}")
        self.path = Path(path)
        self.monitor = monitor
        self.mode = mode
        self.patience = patience
        self._clear()

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._clear()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        value = self._value(logs or {})
        if math.isfinite(value) and self._is_better(value):
            self.best, self.wait, self._is_written = value, 0, False
            self.weights = self.model.get_weights()
            if time.monotonic() >= self._next_s:
                self._write()
            return
        self.wait += 1
        if self.wait >= self.patience:
            LOGGER.info("no better %s for %d epochs", self.monitor, self.wait)
            self.model.stop_training = True

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        if self.best is None:
            return
        self.model.set_weights(self.weights)
        if not self._is_written:
            self._write()

    def _clear(self):
        self.best, self.wait, self.weights = None, 0, []
        self._is_written, self._next_s = False, time.monotonic() + FIRST_S

    def _write(self):
        start_s = time.monotonic()
        save_model(self.model, self.path)
        end_s = time.monotonic()
        self._is_written, self._next_s = True, end_s + (end_s - start_s) / SHARE

    def state(self) -> dict[str, Any]:
        """What a resumed run must know beside `weights`, as JSON can hold it."""
        return {"best": self.best, "wait": self.wait}

    def set_state(self, state: dict[str, Any]) -> None:
        """The inverse of `state`."""
        self.best, self.wait = state["best"], state["wait"]

    def _value(self, logs):
        names = (self.monitor, self.monitor.removeprefix("val_"))
        for name in names:
            if name in logs:
                return float(logs[name])
        raise ValueError(f"`monitor` must be one of {sorted(logs)}. Received: {self.monitor!r}")

    def _is_better(self, value):
        if self.best is None:
            return True
        rising = self.monitor.removeprefix("val_").endswith(RISING)
        rises = rising if self.mode == "auto" else self.mode == "max"
        return value > self.best if rises else value < self.best


def save_model(model: keras.Model, path: str | Path) -> None:
    """Saves a model as a `.keras` file, whole or not at all."""
    with replacing(path) as temporary:
        named = temporary.with_suffix(".keras")  # Keras goes by the suffix
        model.save(named)
        named.rename(temporary)

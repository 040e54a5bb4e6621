"""Keeps the best epoch's model on disk, stops when no better one comes, and gives it back."""

import logging
import math
import time
import zipfile
import zlib
from pathlib import Path

import keras
import numpy as np

from mmfusion.files import replacing

LOGGER = logging.getLogger(__name__)
SHARE = 0.01  # of the time of a training that writing the model may take
RISING = ("accuracy", "auc", "precision", "recall", "f1", "f1_score")


class BestModel(keras.callbacks.Callback):
    """Writes the model of the best epoch, stops early and restores the best weights.

    The file appears whole or not at all. Where epochs are so short that writing it would take more
    than a hundredth of the time, it is written now and then and at the end; the best weights lie
    beside it, in `.best.npz`, after each better epoch.

    Args:
        path: Path of the `.keras` file.
        monitor: str. Figure that tells the best epoch. `"val_loss"` without validation data is the
            training loss.
        mode: str. `"min"`, `"max"`, or `"auto"`: rising for accuracy and its kin.
        patience: int. Epochs without a better figure before training stops.

    Attributes:
        best: float. The best figure, None before there is one.
        wait: int. Epochs since.

    Raises:
        ValueError: if an argument is out of range, or `fit` does not know the figure.
    """

    def __init__(self, path, *, monitor="val_loss", mode="auto", patience=10):
        super().__init__()
        if mode not in ("auto", "min", "max"):
            raise ValueError(f'`mode` must be "auto", "min" or "max". Received: mode={mode!r}')
        if patience < 1:
            raise ValueError(f"`patience` must be at least 1. Received: patience={patience}")
        self.path = Path(path)
        self.monitor = monitor
        self.mode = mode
        self.patience = patience
        self.best = None
        self.wait = 0
        self._weights = self.path.with_name(f".{self.path.stem}.npz")
        self._is_written, self._next_s = False, -math.inf

    def on_train_begin(self, logs=None):
        self.best, self.wait = None, 0

    def on_epoch_end(self, epoch, logs=None):
        value = self._value(logs or {})
        if math.isfinite(value) and self._is_better(value):
            self.best, self.wait, self._is_written = value, 0, False
            with replacing(self._weights) as temporary, open(temporary, "wb") as file:
                np.savez(file, *self.model.get_weights())
            if time.monotonic() >= self._next_s:
                self._write()
            return
        self.wait += 1
        if self.wait >= self.patience:
            LOGGER.info("no better %s for %d epochs", self.monitor, self.wait)
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        if self.best is None:
            return
        with np.load(self._weights) as saved:
            self.model.set_weights([saved[name] for name in saved.files])
        if not self._is_written:
            self._write()
        self._weights.unlink()

    def _write(self):
        start_s = time.monotonic()
        save_model(self.model, self.path)
        end_s = time.monotonic()
        self._is_written, self._next_s = True, end_s + (end_s - start_s) / SHARE

    def state(self):
        """What a resumed run must know, as JSON can hold it."""
        return {"best": self.best, "wait": self.wait}

    def set_state(self, state):
        """The inverse of `state`.

        Raises:
            ValueError: if there was a best model and its file is missing or torn.
        """
        if state["best"] is not None and not _is_whole(self._weights):
            raise ValueError(f"{self._weights}: missing or torn")
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


def save_model(model, path):
    """Saves a model as a `.keras` file, whole or not at all."""
    with replacing(path) as temporary:
        named = temporary.with_suffix(".keras")  # Keras goes by the suffix
        model.save(named)
        named.rename(temporary)


def _is_whole(path):
    """Whether a `.npz` file, which is a zip, holds what its checksums say."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (OSError, zipfile.BadZipFile, zlib.error):
        return False

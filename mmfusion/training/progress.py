"""A progress bar on a terminal, one log line for each epoch anywhere."""

import logging
from typing import Any

import keras
from tqdm.auto import tqdm

LOGGER = logging.getLogger(__name__)


class Progress(keras.callbacks.Callback):
    """Shows a bar of batches on stderr when that is a terminal, and logs each epoch's figures."""

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        total = f"/{self.params['epochs']}" if self.params.get("epochs") else ""
        self._name = f"epoch {epoch + 1}{total}"
        self._bar = tqdm(
            desc=self._name, total=self.params.get("steps"), unit="batch", disable=None, leave=False
        )

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self._bar.update(batch + 1 - self._bar.n)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._bar.close()
        figures = ", ".join(f"{name} {value:.4g}" for name, value in (logs or {}).items())
        LOGGER.info("%s: %s", self._name, figures)

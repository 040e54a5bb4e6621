"""Watches the other workers of a training, so that none waits for one that has died."""

import logging
import os
import threading
from typing import Any

import keras

from mmfusion.training.multi_worker import agreed
from mmfusion.training.workers import answers, workers

LOGGER = logging.getLogger(__name__)


class WorkerWatchdog(keras.callbacks.Callback):
    """Ends this process with 1 when another worker no longer answers; the run can be resumed.

    A step that all workers take together may wait forever for one that is gone.

    Args:
        every_s: float. Time between two looks.
        misses: int. Looks in a row without an answer before a worker counts as gone.
    """

    def __init__(self, *, every_s: float = 1.0, misses: int = 3) -> None:
        super().__init__()
        self.every_s = every_s
        self.misses = misses
        self._done = threading.Event()

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        addresses, own = workers()
        others = {at: address for at, address in enumerate(addresses) if at != own}
        self._done.clear()
        threading.Thread(target=self._watch, args=(others,), daemon=True).start()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        agreed(0, self.model.distribute_strategy)  # none leaves before all have saved
        self._done.set()

    def _watch(self, others):
        missed = dict.fromkeys(others, 0)
        while not self._done.wait(self.every_s):
            for at, address in others.items():
                missed[at] = 0 if answers(address) else missed[at] + 1
                if missed[at] >= self.misses and not self._done.is_set():
                    LOGGER.error(
                        "worker %d at %s no longer answers: this one stops. "
                        "Start all workers again and the training goes on after its last epoch",
                        at,
                        address,
                    )
                    logging.shutdown()
                    os._exit(1)

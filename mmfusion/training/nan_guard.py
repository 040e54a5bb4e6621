"""Stops training when numbers break, and restores the last good weights."""

import itertools
import logging
from collections.abc import Iterable
from typing import Any

import keras
import numpy as np

LOGGER = logging.getLogger(__name__)


class NaNGuard(keras.callbacks.Callback):
    """Stops training at the first loss or weight that is NaN or infinite.

    The weights of the start of that epoch are restored; `keras.callbacks.TerminateOnNaN` leaves the
    broken ones.

    Args:
        data: Iterable of `(inputs, ...)` batches, the ones trained on. It is searched for the
            modality that broke; None: it is not named.

    Attributes:
        stopped: dict of the `"epoch"` and the `"batch"` (None: found at the epoch's end) that
            broke, both counted from 0, and the `"inputs"` that hold NaN or Inf somewhere in the
            data; None while all is well.
    """

    def __init__(self, data: Iterable[tuple] | None = None) -> None:
        super().__init__()
        self.data = data
        self.stopped = None
        self._good = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.stopped = self._good = None
        self._head = self.model.trainable_weights[-1:]

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._epoch = epoch
        if self._good is None:  # not before: a resumed training has other weights by now
            self._good = self.model.get_weights()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        loss = float((logs or {}).get("loss", 0.0))
        # a clipped loss can hide a NaN; the head's last weights, which are few, cannot
        if not (np.isfinite(loss) and _all_finite(weight.numpy() for weight in self._head)):
            self._stop(batch, f"NaN or Inf in epoch {self._epoch}, batch {batch}, loss {loss}")

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self.stopped is not None:
            return
        weights = self.model.get_weights()
        if _all_finite(weights):
            self._good = weights
        else:
            self._stop(None, f"a weight was NaN or infinite after epoch {epoch}")

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        self._good = None

    def _stop(self, batch, what):
        if self.stopped is None:
            self.model.set_weights(self._good)
            self.model.stop_training = True
            inputs = [] if self.data is None else broken_inputs(self.data, self.params["steps"])
            self.stopped = {"epoch": self._epoch, "batch": batch, "inputs": inputs}
            named = [f"{name!r} is not finite in batch {number}" for name, number in inputs]
            cause = f" ({', '.join(named)} of the data)" if named else ""
            LOGGER.error("training stopped: %s%s; the last good weights are restored", what, cause)


def broken_inputs(data: Iterable[tuple], most: int | None = None) -> list[tuple[str, int]]:
    """Finds the inputs that hold NaN or Inf.

    Args:
        data: Iterable of `(inputs, ...)` batches, `inputs` a tensor or a dict of them.
        most: int. Batches to search; all by default.

    Returns:
        List of `(name, batch)`, the first batch of each broken input, counted from 0.
    """
    found = {}
    for number, (inputs, *_) in enumerate(itertools.islice(data, most)):
        named = inputs if isinstance(inputs, dict) else {"inputs": inputs}
        for name, value in named.items():
            if name not in found and not _all_finite([keras.ops.convert_to_numpy(value)]):
                found[name] = number
    return sorted(found.items())


def _all_finite(arrays):
    return all(np.isfinite(array).all() for array in arrays if array.dtype.kind == "f")

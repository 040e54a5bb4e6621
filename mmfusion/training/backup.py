"""Keeps whole checkpoints of a training, so that one that was cut short can go on."""

import contextlib
import hashlib
import io
import logging
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from mmfusion.files import locked, read_json, replacing, sha256, write_json
from mmfusion.training.multi_worker import agreed
from mmfusion.training.run_folder import worker_folder
from mmfusion.training.termination import on_termination

LOGGER = logging.getLogger(__name__)
KEPT = 2
SHARE = 0.005  # of the time of a training that writing checkpoints may take


class Backup(keras.callbacks.Callback):
    """Saves weights, optimiser and the state of other callbacks at ends of epochs, and resumes.

    A checkpoint is `epoch-0007.npz` and then `epoch-0007.json` with its sha256: one without the
    other, or torn, is passed over for the one before. What came after it is done again, so the
    numbers are those of a training that never stopped. Where epochs are so short that writing
    would take more than its share of the time, only some are written; the newest is held in memory
    and written at SIGTERM, at Ctrl-C and at the end. The folder is locked while training.

    Args:
        folder: Path of the folder of checkpoints.
        companions: dict of name to callback with `state()` and `set_state(state)`, as JSON can hold
            it, and perhaps a list of arrays in `weights`, which is saved with it. They stand before
            this one in the list.
        resume: bool. Go on where an earlier training was cut short.

    Raises:
        RuntimeError: naming the other process, if one trains into this folder.
    """

    def __init__(
        self, folder: str | Path, companions: Mapping[str, Any], *, resume: bool = True
    ) -> None:
        super().__init__()
        self.folder = Path(folder)
        self.companions = companions
        self.resume = resume
        self._held = contextlib.ExitStack()

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._waiting, self._next_s = None, -math.inf
        self._held.enter_context(locked(self.folder))
        self._held.enter_context(on_termination(self._write))
        found = resumable(self.folder, self.model.distribute_strategy) if self.resume else None
        if found is None or not self._restored(found):
            self._remove(_records(self.folder))

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if not all(math.isfinite(value) for value in (logs or {}).values()):
            return
        self._waiting = self._checkpoint(epoch)
        is_last = self.model.stop_training or epoch + 1 == self.params["epochs"]
        is_due = is_last or time.monotonic() >= self._next_s
        if agreed(int(is_due), self.model.distribute_strategy):
            self._write()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        self._write()
        records = _records(self.folder)
        if records:
            write_json(records[-1], {**read_json(records[-1]), "finished": True})
        self.model._initial_epoch = None
        self._held.close()

    def _checkpoint(self, epoch):
        """What is to be written of this epoch: arrays by name, and the record."""
        # Keras' own `save_weights` builds an optimiser on each call and never lets go of it
        arrays = [variable.numpy() for variable in self._variables()]
        kept = {
            f"{name}.{at}": array
            for name, callback in self.companions.items()
            for at, array in enumerate(getattr(callback, "weights", ()))
        }
        return {f"arr_{at}": array for at, array in enumerate(arrays)} | kept, {
            "epoch": epoch,
            "finished": False,
            "stopped": bool(self.model.stop_training),
            "states": {name: callback.state() for name, callback in self.companions.items()},
        }

    def _write(self):
        """Writes the checkpoint that waits for it, if one does."""
        if self._waiting is None:
            return
        start_s = time.monotonic()
        arrays, record = self._waiting
        name = f"epoch-{record['epoch']:04d}"
        content = io.BytesIO()
        np.savez(content, **arrays)
        with replacing(self.folder / f"{name}.npz") as temporary:
            temporary.write_bytes(content.getbuffer())
        digest = hashlib.sha256(content.getbuffer()).hexdigest()
        record = {**record, "weights": f"{name}.npz", "sha256": digest}
        write_json(self.folder / f"{name}.json", record)
        self._remove(_records(self.folder)[:-KEPT])
        end_s = time.monotonic()
        self._waiting, self._next_s = None, end_s + (end_s - start_s) / SHARE

    def _restored(self, record):
        if not record["states"].keys() >= self.companions.keys():
            LOGGER.warning("the training starts anew: it has other callbacks than before")
            return False
        if not self.model.optimizer.built:
            self.model.optimizer.build(self.model.trainable_variables)
        with np.load(self.folder / record["weights"]) as saved:
            for at, variable in enumerate(self._variables()):
                variable.assign(saved[f"arr_{at}"])
            for name, callback in self.companions.items():
                callback.set_state(record["states"][name])
                kept = [key for key in saved.files if key.startswith(f"{name}.")]
                if kept:
                    callback.weights = [saved[key] for key in kept]
        # the way of keras.callbacks.BackupAndRestore: `fit` asks for it after `on_train_begin`
        last = self.params["epochs"] if record["stopped"] else record["epoch"] + 1
        self.model._initial_epoch = last
        LOGGER.info("going on after epoch %d", record["epoch"] + 1)
        return True

    def _variables(self):
        """Weights, states of random layers and of the optimiser, always in the same order."""
        return [*self.model.variables, *self.model.optimizer.variables]

    def _remove(self, records):
        for path in records:
            path.unlink()
            path.with_suffix(".npz").unlink(missing_ok=True)


def resumable(
    folder: str | Path, strategy: tf.distribute.Strategy | None = None
) -> dict[str, Any] | None:
    """The record of the checkpoint to go on with.

    Of several workers one may have been killed before the others: all go on from the last epoch
    that each of them has.

    Args:
        folder: Path of the folder of checkpoints, of each worker its own.
        strategy: tf.distribute.Strategy that all workers are in, or None.

    Returns:
        dict, or None where nothing whole is kept or the training came to its end.
    """
    found = newest_whole(folder)
    own = -1 if found is None or found["finished"] else found["epoch"]
    while (epoch := agreed(own, strategy)) >= 0:
        found = newest_whole(folder, before=epoch + 1)
        own = -1 if found is None else found["epoch"]
        if agreed(int(own == epoch), strategy):
            return found
    return None


def is_finished(run: str | Path) -> bool:
    """Whether the training in a run folder came to its end.

    Args:
        run: Path of the run folder.

    Returns:
        bool.
    """
    found = newest_whole(worker_folder(run) / "checkpoints")
    return found is not None and found["finished"]


def newest_whole(folder: str | Path, *, before: float = math.inf) -> dict[str, Any] | None:
    """The record of the newest checkpoint that is not torn, as a dict, or None."""
    for path in reversed(_records(Path(folder))):
        if path >= Path(folder) / f"epoch-{before:04.0f}.json":
            continue
        try:
            record = read_json(path)
            if sha256(path.parent / record["weights"]) == record["sha256"]:
                return record
        except (OSError, ValueError, KeyError, TypeError) as error:
            LOGGER.warning("checkpoint %s cannot be read (%s)", path.name, error)
            continue
        LOGGER.warning("checkpoint %s is torn", record["weights"])
    return None


def _records(folder):
    return sorted(folder.glob("epoch-*.json"))


def epochs_done(run: str | Path, *, strategy: tf.distribute.Strategy | None = None) -> int:
    """Whole epochs of a training that was cut short.

    Args:
        run: Path of the run folder.
        strategy: tf.distribute.Strategy of the training, where several workers must agree.

    Returns:
        int. 0 where nothing was kept, or the training came to its end.
    """
    record = resumable(worker_folder(run) / "checkpoints", strategy)
    return 0 if record is None else record["epoch"] + 1


def advanced(batches: tf.data.Dataset, epochs: int) -> tf.data.Dataset:
    """The batches as they are after so many epochs: shuffled and varied as that epoch would be.

    A dataset draws its random numbers anew each time it is read; this draws without reading.

    Args:
        batches: tf.data.Dataset of one epoch.
        epochs: int. Epochs that were done before.

    Returns:
        The same tf.data.Dataset.

    Example:

    >>> import tensorflow as tf
    >>> shuffled = lambda: tf.data.Dataset.range(9).shuffle(9, seed=0)
    >>> first, second = ([int(x) for x in data] for data in [shuffled()] * 2)
    >>> [int(x) for x in advanced(shuffled(), 1)] == second
    True
    """
    for _ in range(epochs):
        iter(batches)
    return batches

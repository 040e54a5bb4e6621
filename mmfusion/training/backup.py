"""Keeps whole checkpoints of a training, so that one that was cut short can go on."""

import contextlib
import logging
import math
from pathlib import Path

import keras
import numpy as np

from mmfusion.files import locked, read_json, replacing, sha256, write_json

LOGGER = logging.getLogger(__name__)
KEPT = 2


class Backup(keras.callbacks.Callback):
    """Saves weights, optimiser and the state of other callbacks after each epoch, and resumes.

    A checkpoint is `epoch-0007.npz` and then `epoch-0007.json` with its sha256: one without the
    other, or torn, is passed over for the one before. The folder is locked while training.

    Args:
        folder: Path of the folder of checkpoints.
        companions: dict of name to callback with `state()` and `set_state(state)`. They stand
            before this one in the list.
        resume: bool. Go on where an earlier training was cut short.

    Raises:
        RuntimeError: naming the other process, if one trains into this folder.
    """

    def __init__(self, folder, companions, *, resume=True):
        super().__init__()
        self.folder = Path(folder)
        self.companions = companions
        self.resume = resume
        self._lock = contextlib.ExitStack()

    def on_train_begin(self, logs=None):
        self._lock.enter_context(locked(self.folder))
        found = self._newest_whole() if self.resume else None
        if found is not None and not found["finished"]:
            self._restore(found)
        elif self.resume is False or found is not None:
            self._remove(self._records())

    def on_epoch_end(self, epoch, logs=None):
        if not all(math.isfinite(value) for value in (logs or {}).values()):
            return
        weights = self.folder / f"epoch-{epoch:04d}.npz"
        # Keras' own `save_weights` builds an optimiser on each call and never lets go of it
        with replacing(weights) as temporary, open(temporary, "wb") as file:
            np.savez(file, *map(keras.ops.convert_to_numpy, self._variables()))
        self._record = {
            "epoch": epoch,
            "finished": False,
            "weights": weights.name,
            "sha256": sha256(weights),
            "states": {name: callback.state() for name, callback in self.companions.items()},
        }
        write_json(self.folder / f"epoch-{epoch:04d}.json", self._record)
        self._remove(self._records()[:-KEPT])

    def on_train_end(self, logs=None):
        records = self._records()
        if records:
            write_json(records[-1], {**read_json(records[-1]), "finished": True})
        self.model._initial_epoch = None
        self._lock.close()

    def _restore(self, record):
        if not self.model.optimizer.built:
            self.model.optimizer.build(self.model.trainable_variables)
        with np.load(self.folder / record["weights"]) as saved:
            for variable, name in zip(self._variables(), saved.files, strict=True):
                variable.assign(saved[name])
        for name, callback in self.companions.items():
            callback.set_state(record["states"][name])
        # the way of keras.callbacks.BackupAndRestore: `fit` asks for it after `on_train_begin`
        self.model._initial_epoch = record["epoch"] + 1
        LOGGER.info("going on after epoch %d", record["epoch"] + 1)

    def _variables(self):
        """Weights, states of random layers and of the optimiser, always in the same order."""
        return [*self.model.variables, *self.model.optimizer.variables]

    def _newest_whole(self):
        for path in reversed(self._records()):
            try:
                record = read_json(path)
                if sha256(self.folder / record["weights"]) == record["sha256"]:
                    return record
            except (OSError, ValueError, KeyError, TypeError) as error:
                LOGGER.warning("checkpoint %s cannot be read (%s)", path.name, error)
                continue
            LOGGER.warning("checkpoint %s is torn", record["weights"])
        return None

    def _records(self):
        return sorted(self.folder.glob("epoch-*.json"))

    def _remove(self, records):
        for path in records:
            path.unlink()
            path.with_suffix(".npz").unlink(missing_ok=True)

"""Keeps whole checkpoints of a training, so that one that was cut short can go on."""

import contextlib
import hashlib
import io
import logging
import math
import signal
import sys
import threading
from pathlib import Path

import keras
import numpy as np

from mmfusion.files import locked, read_json, replacing, sha256, write_json
from mmfusion.training.multi_worker import agreed

LOGGER = logging.getLogger(__name__)
KEPT = 2
TERMINATED = 143


class Backup(keras.callbacks.Callback):
    """Saves weights, optimiser and the state of other callbacks after each epoch, and resumes.

    A checkpoint is `epoch-0007.npz` and then `epoch-0007.json` with its sha256: one without the
    other, or torn, is passed over for the one before. An epoch that was cut short is done again,
    so the numbers are those of a training that never stopped. The folder is locked while training;
    SIGTERM, where nobody else handles it, ends the process with 143.

    Args:
        folder: Path of the folder of checkpoints.
        companions: dict of name to callback with `state()` and `set_state(state)`, which raises
            `ValueError` where a file that it speaks of is torn. They stand before this one in the
            list.
        resume: bool. Go on where an earlier training was cut short.

    Raises:
        RuntimeError: naming the other process, if one trains into this folder.
    """

    def __init__(self, folder, companions, *, resume=True):
        super().__init__()
        self.folder = Path(folder)
        self.companions = companions
        self.resume = resume
        self._held = contextlib.ExitStack()

    def on_train_begin(self, logs=None):
        self._held.enter_context(locked(self.folder))
        self._held.enter_context(_leaving_on_sigterm())
        found = resumable(self.folder, self.model.distribute_strategy) if self.resume else None
        if found is None or not self._restored(found):
            self._remove(_records(self.folder))

    def on_epoch_end(self, epoch, logs=None):
        if not all(math.isfinite(value) for value in (logs or {}).values()):
            return
        weights = self.folder / f"epoch-{epoch:04d}.npz"
        # Keras' own `save_weights` builds an optimiser on each call and never lets go of it
        content = io.BytesIO()
        np.savez(content, *map(keras.ops.convert_to_numpy, self._variables()))
        with replacing(weights) as temporary:
            temporary.write_bytes(content.getbuffer())
        self._record = {
            "epoch": epoch,
            "finished": False,
            "stopped": bool(self.model.stop_training),
            "weights": weights.name,
            "sha256": hashlib.sha256(content.getbuffer()).hexdigest(),
            "states": {name: callback.state() for name, callback in self.companions.items()},
        }
        write_json(self.folder / f"epoch-{epoch:04d}.json", self._record)
        self._remove(_records(self.folder)[:-KEPT])

    def on_train_end(self, logs=None):
        records = _records(self.folder)
        if records:
            write_json(records[-1], {**read_json(records[-1]), "finished": True})
        self.model._initial_epoch = None
        self._held.close()

    def _restored(self, record):
        try:
            for name, callback in self.companions.items():
                callback.set_state(record["states"][name])
        except (KeyError, ValueError) as error:
            LOGGER.warning("the training starts anew: %s", error)
            for callback in self.companions.values():
                callback.on_train_begin()
            return False
        if not self.model.optimizer.built:
            self.model.optimizer.build(self.model.trainable_variables)
        with np.load(self.folder / record["weights"]) as saved:
            for variable, name in zip(self._variables(), saved.files, strict=True):
                variable.assign(saved[name])
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


def resumable(folder, strategy=None):
    """The record of the checkpoint to go on with.

    Of several workers one may have been killed an epoch before the others: all go on from the last
    epoch that each of them has.

    Args:
        folder: Path of the folder of checkpoints, of each worker its own.
        strategy: tf.distribute.Strategy that all workers are in, or None.

    Returns:
        dict, or None where nothing whole is kept or the training came to its end.
    """
    found = newest_whole(folder)
    own = -1 if found is None or found["finished"] else found["epoch"]
    epoch = agreed(own, strategy)
    if 0 <= epoch < own:
        found = newest_whole(folder, before=own)
        own = -1 if found is None else found["epoch"]
    return found if agreed(own, strategy) == epoch >= 0 else None


def newest_whole(folder, *, before=math.inf):
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


@contextlib.contextmanager
def _leaving_on_sigterm():
    """Lets SIGTERM unwind the training instead of killing it, where nobody else handles it."""
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, lambda signum, frame: sys.exit(TERMINATED))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

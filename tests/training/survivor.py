"""Trains in child processes that are killed, until one comes to its end; forks to import once."""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from mmfusion.training.backup import advanced, epochs_done
from mmfusion.training.callbacks import callbacks
from mmfusion.training.plateau import Plateau

EPOCHS, STEPS = 8, 6


class Slow(keras.callbacks.Callback):
    """Gives a kill the time to come in the middle of an epoch; says that batches are done."""

    def on_train_batch_end(self, batch, logs=None):
        with open(Path(sys.argv[1], "batches"), "a") as file:
            file.write(".")
        time.sleep(0.01)


def train(run):
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(48, 4)).astype("float32")
    y = (x[:, 0] * x[:, 1] > 0).astype("int32")
    batches = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(48, seed=0).batch(8)
    layers = [keras.layers.Dense(8, "tanh"), keras.layers.Dropout(0.3)]
    model = keras.Sequential([keras.Input((4,)), *layers, keras.layers.Dense(2, "softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(
        advanced(batches, epochs_done(run)).repeat(),
        validation_data=(x, y),
        steps_per_epoch=STEPS,
        epochs=EPOCHS,
        callbacks=[Slow(), *callbacks(run, extra=[Plateau(patience=1)])],
        shuffle=False,
        verbose=0,
    )
    keras.saving.save_model(model, f"{run}/last.keras")


def attempt(run, sent=None, after=0):
    """Trains in a child, sends it a signal after so many batches; gives its exit code."""
    batches = Path(run, "batches")
    batches.write_text("")
    child = os.fork()
    if not child:
        sys.argv[1] = run
        try:
            train(run)
        except SystemExit as end:
            os._exit(end.code)
        os._exit(0)
    while sent and batches.stat().st_size < after:
        time.sleep(0.001)
    if sent:
        os.kill(child, sent)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main():
    unbroken, killed, asked = sys.argv[1:]
    told = []
    rng = random.Random(7)
    for run in (unbroken, killed, asked):
        Path(run).mkdir()
    told.append(["unbroken", attempt(unbroken), 0])
    for _ in range(4):
        code = attempt(killed, signal.SIGKILL, rng.randint(1, 2 * STEPS))
        told.append(["killed", code, epochs_done(killed)])
    told.append(["killed", attempt(killed), 0])
    told.append(["asked", attempt(asked, signal.SIGTERM, 2 * STEPS + 2), epochs_done(asked)])
    told.append(["asked", attempt(asked), 0])
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()

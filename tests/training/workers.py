"""Pairs of workers on loopback, forked from one process that has imported TensorFlow once."""

import json
import os
import signal
import socket
import sys
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from mmfusion.training.callbacks import callbacks
from mmfusion.training.multi_worker import by_clip
from mmfusion.training.strategy import strategy

EPOCHS = 5


class Slow(keras.callbacks.Callback):
    """Gives a kill the time to come in the middle of an epoch; says that batches are done."""

    def __init__(self, path):
        super().__init__()
        self.path = path

    def on_train_batch_end(self, batch, logs=None):
        with open(self.path, "a") as file:
            file.write(".")
        time.sleep(0.02)


def train(run, weights, name):
    if name == "mirrored":
        (processor,) = tf.config.list_physical_devices("CPU")
        tf.config.set_logical_device_configuration(
            processor, [tf.config.LogicalDeviceConfiguration()] * 2
        )
    chosen = strategy("mirrored" if name == "mirrored" else "auto", wait_s=60)
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 4)).astype("float32")
    y = (x[:, 0] * x[:, 1] > 0).astype("int32")
    batches = tf.data.Dataset.from_tensor_slices((x, y)).batch(16)
    batches = by_clip(batches)
    with chosen.scope():
        layers = [keras.layers.Dense(8, "tanh"), keras.layers.Dense(2, "softmax")]
        model = keras.Sequential([keras.Input((4,)), *layers])
        model.compile(
            optimizer=keras.optimizers.Adam(0.01),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
        )
    model.fit(
        batches,
        validation_data=batches,
        epochs=EPOCHS,
        callbacks=[Slow(f"{weights}.batches"), *callbacks(run)],
        shuffle=False,
        verbose=0,
    )
    np.savez(weights, *model.get_weights())


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def start(run, name, index=0, ports=()):
    """Forks one worker; its weights go to `run/name-index.npz`."""
    child = os.fork()
    if child:
        return child
    with open(f"{run}/{name}-{index}.log", "w") as log:
        os.dup2(log.fileno(), 2)
    if ports:
        cluster = {"worker": [f"127.0.0.1:{port}" for port in ports]}
        task = {"type": "worker", "index": index}
        os.environ["TF_CONFIG"] = json.dumps({"cluster": cluster, "task": task})
    code = 2
    try:
        train(run, f"{run}/{name}-{index}", name)
        code = 0
    finally:
        os._exit(code)


def code(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def pair(run, name):
    ports = free_ports(2)
    return [start(run, name, index, ports) for index in range(2)]


def main():
    names = ("single", "mirrored", "both", "broken")
    single, mirrored, both, broken = runs = [str(Path(sys.argv[1], name)) for name in names]
    for run in runs:
        os.mkdir(run)
    told = {"single": [code(start(single, "all")), code(start(mirrored, "mirrored"))]}
    told["both"] = [code(child) for child in pair(both, "all")]
    first, second = pair(broken, "cut")
    batches = Path(broken, "cut-1.batches")
    while not (batches.exists() and batches.stat().st_size >= 10):
        time.sleep(0.01)
    os.kill(second, signal.SIGKILL)
    killed_s = time.monotonic()
    told["killed"] = [code(first), code(second)]
    told["stopped_after_s"] = time.monotonic() - killed_s
    told["resumed"] = [code(child) for child in pair(broken, "all")]
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()

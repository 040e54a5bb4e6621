"""One process and two on loopback, a core for each: time of a step and of an epoch's end."""

import json
import os
import socket
import subprocess
import sys
import time

import keras
import numpy as np
import tensorflow as tf

import mmfusion as mm

SHAPES = {"video": (8, 64, 64, 4), "tiny": (8, 16)}  # a step of `tiny` computes next to nothing
BATCH, STEPS, EPOCHS = 32, 8, 6


class Clock(keras.callbacks.Callback):
    """Notes time and processor time after each batch."""

    def __init__(self):
        super().__init__()
        self.noted = []

    def on_train_batch_end(self, batch, logs=None):
        self.noted.append((time.perf_counter(), time.process_time()))

    def rows(self):
        """Medians of a step within an epoch, and of one that an epoch's end comes before."""
        gone = np.diff(self.noted[STEPS - 1 :], axis=0)  # the first epoch warms up
        ends = np.arange(len(gone)) % STEPS == 0
        step, end = (np.median(gone[which], axis=0).tolist() for which in (~ends, ends))
        return {"step_s": step[0], "step_cpu_s": step[1], "epoch_end_s": end[0] - step[0]}


def worker(name, index, ports):
    """One process: its figures on stdout."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[index % len(cores)]})
    if len(ports) > 1:
        cluster = {"worker": [f"127.0.0.1:{port}" for port in ports]}
        task = {"type": "worker", "index": index}
        os.environ["TF_CONFIG"] = json.dumps({"cluster": cluster, "task": task})
    strategy = mm.training.strategy("auto")
    rng = np.random.default_rng(0)
    clips = BATCH * len(ports)
    x = {name: rng.normal(size=(clips, *SHAPES[name])).astype("float32")}
    x[f"{name}_mask"] = np.ones((clips, SHAPES[name][0]), bool)
    batches = tf.data.Dataset.from_tensor_slices((x, rng.integers(0, 2, clips))).batch(clips)
    clock = Clock()
    with strategy.scope():
        model = mm.models.classifier({name: SHAPES[name]}, classes=2)
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(
        mm.training.by_clip(batches).repeat(),
        steps_per_epoch=STEPS,
        epochs=EPOCHS,
        verbose=0,
        shuffle=False,
        callbacks=[clock],
    )
    sys.stdout.write(json.dumps(clock.rows()))


def scaling():
    """Rows of both models with one process and with two; each takes batches of the same size.

    `cpu_speed_up` is what two free cores would bring: clips for each second of a core's time. The
    one by the clock, `speed_up`, also has what others on the machine took.
    """
    rows = []
    for name in SHAPES:
        alone, *both = _measured(name, 1) + _measured(name, 2)
        slower = {figure: max(row[figure] for row in both) for figure in alone}
        for count, row in ((1, alone), (2, slower)):
            gains = {
                "speed_up": count * alone["step_s"] / row["step_s"],
                "cpu_speed_up": count * alone["step_cpu_s"] / row["step_cpu_s"],
            }
            rows.append({"model": name, "workers": count, **row, **gains})
    return rows


def _measured(name, count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [str(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    threads = {f"TF_NUM_{kind}_THREADS": "1" for kind in ("INTRAOP", "INTEROP")}
    started = [
        subprocess.Popen(
            [sys.executable, __file__, name, str(index), *ports],
            env={**os.environ, **threads, "TF_CPP_MIN_LOG_LEVEL": "3"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for index in range(count)
    ]
    return [json.loads(process.communicate()[0]) for process in started]


if __name__ == "__main__":
    worker(sys.argv[1], int(sys.argv[2]), sys.argv[3:])

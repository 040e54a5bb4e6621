"""Time to a validation accuracy beside plain Keras, cost of callbacks and backup, two workers."""

import argparse
import collections
import functools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from table import show

import mmfusion as mm

SPEC = {"steps": 8, "size_px": 64}


class Until(keras.callbacks.Callback):
    """Stops at a validation accuracy and keeps the time it took."""

    def __init__(self, wanted):
        super().__init__()
        self.wanted = wanted
        self.reached_s = None

    def on_train_begin(self, logs=None):
        self.start_s = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_accuracy"] >= self.wanted:
            self.reached_s = time.perf_counter() - self.start_s
            self.epochs = epoch + 1
            self.model.stop_training = True


def embedded(folder):
    """Manifest of the embedded corpus."""
    return mm.data.make_corpus(folder / "corpus", mm.data.CorpusSize(train=40, val=12, test=1))


def batches_of(manifest, folder, seconds):
    """Spec, batches to train on and to validate, and the number of classes."""
    clips = [clip for clip in mm.data.read_manifest(manifest) if clip.label]
    train, val, _ = mm.data.declared_split(clips) or mm.data.split(clips, (3, 1, 1), seed=0)
    spec = mm.ClipSpec(seconds=seconds, **SPEC)
    records = mm.data.prepare(clips, spec, folder / "records")
    prep = mm.data.preprocessor(spec, vocabulary=mm.data.vocabulary(train))
    load = {"batch_size": 16, "classes": records.classes}
    return (
        spec,
        mm.data.dataset(records.select(train), prep, training=True, **load),
        mm.data.dataset(records.select(val), prep, **load),
        len(records.classes),
    )


def compiled(spec, classes, steps):
    keras.utils.set_random_seed(0)
    model = mm.models.classifier(spec, classes=classes)
    model.compile(
        optimizer=mm.training.optimizer(steps, rate=2e-3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def time_to(wanted, corpus, epochs):
    """Seconds to a validation accuracy: the house's callbacks, and plain Keras' own."""
    rows = []
    for name in ("plain keras", "mmfusion"):
        spec, train, val, classes = corpus()  # anew, so that both see the same shuffles
        model = compiled(spec, classes, epochs * int(train.cardinality()))
        until = Until(wanted)
        with tempfile.TemporaryDirectory() as run:
            ours = mm.training.callbacks(run, patience=epochs)
            theirs = [
                keras.callbacks.ModelCheckpoint(f"{run}/best.keras", save_best_only=True),
                keras.callbacks.EarlyStopping(patience=epochs),
                keras.callbacks.CSVLogger(f"{run}/history.csv"),
                keras.callbacks.TensorBoard(f"{run}/tensorboard", write_graph=False),
                keras.callbacks.BackupAndRestore(f"{run}/backup"),
            ]
            chosen = ours if name == "mmfusion" else theirs
            fit = {"validation_data": val, "epochs": epochs, "shuffle": False, "verbose": 0}
            model.fit(train, callbacks=[until, *chosen], **fit)
        rows.append({"contender": name, "seconds": until.reached_s, "epochs": until.epochs})
    return rows


def overhead(corpus, epochs=4):
    """Share of the time of a training that each callback of a run takes."""
    spec, train, _, classes = corpus()
    model = compiled(spec, classes, 100)
    spent = collections.Counter()

    def timed(callback, function):
        def call(*arguments, **named):
            start = time.perf_counter()
            result = function(*arguments, **named)
            spent[type(callback).__name__] += time.perf_counter() - start
            return result

        return call

    with tempfile.TemporaryDirectory() as run:
        chosen = mm.training.callbacks(run)
        for callback in chosen:
            for name in ("on_epoch_begin", "on_epoch_end", "on_train_batch_end"):
                setattr(callback, name, timed(callback, getattr(callback, name)))
        fit = {"shuffle": False, "verbose": 0}
        model.fit(train, epochs=1, callbacks=chosen, **fit)  # traces and warms up
        spent.clear()
        for callback in chosen:
            if isinstance(callback, mm.training.Backup):
                callback.resume = False
        start = time.perf_counter()
        model.fit(train, epochs=epochs, callbacks=chosen, **fit)
        total_s = time.perf_counter() - start
        return {name: seconds / total_s for name, seconds in spent.items()}


def worker(index, ports):
    """One process of the scaling: seconds of the steps after the first epoch, on stdout."""
    if ports:
        cluster = {"worker": [f"127.0.0.1:{port}" for port in ports]}
        task = {"type": "worker", "index": index}
        os.environ["TF_CONFIG"] = json.dumps({"cluster": cluster, "task": task})
    strategy = mm.training.strategy("auto")
    rng = np.random.default_rng(0)
    spec = {"video": (8, 64, 64, 4)}
    x = {"video": rng.normal(size=(64, *spec["video"])).astype("float32")}
    x["video_mask"] = np.ones((64, 8), bool)
    batches = tf.data.Dataset.from_tensor_slices((x, rng.integers(0, 2, 64))).batch(32)
    times = []
    watch = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: times.append(time.perf_counter())
    )
    with strategy.scope():
        model = mm.models.classifier(spec, classes=2)
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(batches, epochs=4, verbose=0, shuffle=False, callbacks=[watch])
    sys.stdout.write(json.dumps(statistics.median(np.diff(times[1:]))))


def scaling():
    """Clips a second of one process and of two on loopback, one thread each."""
    rows = []
    for count in (1, 2):
        ports = [43210 + at for at in range(count)] if count > 1 else []
        quiet = {**os.environ, "TF_NUM_INTRAOP_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
        line = [sys.executable, __file__, "--worker"]
        processes = [
            subprocess.Popen(
                [*line, str(index), *map(str, ports)], env=quiet, stdout=subprocess.PIPE, text=True
            )
            for index in range(count)
        ]
        seconds = [float(process.communicate()[0]) for process in processes]
        rows.append({"workers": count, "clips_per_s": 64 / max(seconds)})
    return rows


def measure(wanted, epochs, manifest):
    """All of it.

    Returns:
        dict: rows of time to accuracy, `ratio_to_best_peer` (plain Keras' time to ours), the share
        of the time that callbacks take, and the scaling of two workers.
    """
    folder = Path(tempfile.mkdtemp())
    try:
        manifest = manifest or embedded(folder)
        corpus = functools.partial(batches_of, manifest, folder, seconds=2.0)
        rows = time_to(wanted, corpus, epochs)
        workers, shares = scaling(), overhead(corpus)
        return {
            "wanted_accuracy": wanted,
            "rows": rows,
            "ratio_to_best_peer": rows[0]["seconds"] / rows[1]["seconds"],
            "callbacks_share_of_time": sum(shares.values()),
            "shares": shares,
            "two_workers_speed_up": workers[1]["clips_per_s"] / workers[0]["clips_per_s"],
        }
    finally:
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--manifest", help="clips of your own in place of the embedded corpus")
    parser.add_argument("--accuracy", type=float, default=0.5, help="of validation, to reach")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--worker", type=int, nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        worker(options.worker[0], options.worker[1:])
        return
    show(measure(options.accuracy, options.epochs, options.manifest), as_json=options.json)


if __name__ == "__main__":
    main()

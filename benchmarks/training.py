"""Time to a validation accuracy beside plain Keras, cost of callbacks and backup, two workers."""

import argparse
import collections
import functools
import statistics
import tempfile
import time
from pathlib import Path

import keras
from scaling import scaling
from table import show

import mmfusion as mm
from mmfusion.data.time_grid import fit_spec

SMALL = {"seconds": 2.0, "steps": 8, "size_px": 64}  # holds what the embedded corpus shows
QUIET = {"shuffle": False, "verbose": 0}


class Until(keras.callbacks.Callback):
    """Stops at a validation accuracy and keeps the time that it took, None until then."""

    def __init__(self, wanted):
        super().__init__()
        self.wanted = wanted
        self.reached_s = self.epochs = None
        self.best = 0.0

    def on_train_begin(self, logs=None):
        self.start_s = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.best = max(self.best, logs["val_accuracy"])
        if logs["val_accuracy"] >= self.wanted:
            self.reached_s = time.perf_counter() - self.start_s
            self.epochs = epoch + 1
            self.model.stop_training = True


def embedded(folder):
    """Manifest of the embedded corpus."""
    return mm.data.make_corpus(folder / "corpus", mm.data.CorpusSize(train=40, val=12, test=1))


def batches_of(manifest, folder, fields):
    """Spec, batches to train on and to validate, and the number of classes.

    Args:
        manifest: Path.
        folder: Path of the folder for records.
        fields: dict, those of the spec; the time grid fits the clips where it is not among them.
    """
    clips = [clip for clip in mm.data.read_manifest(manifest) if clip.label]
    train, val, _ = mm.data.declared_split(clips) or mm.data.split(clips, (3, 1, 1), seed=0)
    spec = fit_spec(clips, **fields)
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
    model = mm.models.classifier(spec, classes=classes, fusion=mm.fusion.DecisionFusion(64))
    model.compile(
        optimizer=mm.training.optimizer(steps, learning_rate=2e-3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def plain_callbacks(run, epochs):
    """What a script of plain Keras does for the same files."""
    return [
        keras.callbacks.ModelCheckpoint(f"{run}/best.keras", save_best_only=True),
        keras.callbacks.EarlyStopping(patience=epochs),
        keras.callbacks.CSVLogger(f"{run}/history.csv"),
        keras.callbacks.TensorBoard(f"{run}/tensorboard", write_graph=False),
        keras.callbacks.BackupAndRestore(f"{run}/backup"),
    ]


def time_to(wanted, corpus, epochs, repeats):
    """Seconds to a validation accuracy with the house's callbacks and with Keras' own, in turns."""
    contenders = {
        "plain keras": plain_callbacks,
        "mmfusion": lambda run, epochs: mm.training.callbacks(run, patience=epochs),
    }
    found = collections.defaultdict(list)
    for turn in range(repeats):
        for name in list(contenders)[:: 1 - 2 * (turn % 2)]:
            keras.utils.set_random_seed(0)  # both see the same shuffles
            spec, train, val, classes = corpus()
            model = compiled(spec, classes, epochs * int(train.cardinality()))
            until = Until(wanted)
            with tempfile.TemporaryDirectory() as run:
                chosen = [until, *contenders[name](run, epochs)]
                model.fit(train, validation_data=val, epochs=epochs, callbacks=chosen, **QUIET)
            found[name].append(until)
    return [
        {
            "contender": name,
            "wanted_accuracy": wanted,
            "seconds": _median([each.reached_s for each in found[name]]),
            "epochs": _median([each.epochs for each in found[name]]),
            "best_accuracy": statistics.median(each.best for each in found[name]),
        }
        for name in contenders
    ]


def _median(values):
    """The median, or None where one is missing."""
    return None if None in values else statistics.median(values)


def overhead(corpus, epochs, pairs):
    """What callbacks and backup cost of a training, from its begin to its end.

    Twice: by the time within them, which others on the machine stretch as they stretch the rest,
    and by trainings without and with them in turns, which is a difference of two noisy times.

    Returns:
        dict of `callbacks_share_of_time`, `shares` by callback, `pairs_overhead` (the median) and
        `pairs` (each one).
    """
    spec, train, _, classes = corpus()
    model = compiled(spec, classes, 100)
    model.fit(train, epochs=1, **QUIET)  # traces and warms up
    shares, gains = [], []
    for turn in range(pairs):
        spent, seconds = collections.Counter(), {}
        for watched in (False, True)[:: 1 - 2 * (turn % 2)]:
            with tempfile.TemporaryDirectory() as run:
                chosen = _timed(mm.training.callbacks(run), spent) if watched else []
                start = time.perf_counter()
                model.fit(train, epochs=epochs, callbacks=chosen, **QUIET)
                seconds[watched] = time.perf_counter() - start
        gains.append(seconds[True] / seconds[False] - 1)
        shares.append({name: each / seconds[True] for name, each in spent.items()})
    return {
        "callbacks_share_of_time": statistics.median(sum(each.values()) for each in shares),
        "shares": {name: statistics.median(each[name] for each in shares) for name in shares[0]},
        "pairs_overhead": statistics.median(gains),
        "pairs": gains,
    }


def _timed(callbacks, spent):
    """The same callbacks; the time within each of them is added to `spent`."""

    def timed(name, function):
        def call(*arguments, **named):
            start = time.perf_counter()
            function(*arguments, **named)
            spent[name] += time.perf_counter() - start

        return call

    moments = [f"on_{what}_{end}" for what in ("train", "epoch") for end in ("begin", "end")]
    for callback in callbacks:
        for moment in (*moments, "on_train_batch_begin", "on_train_batch_end"):
            own = getattr(callback, moment)
            setattr(callback, moment, timed(type(callback).__name__, own))
    return callbacks


def measure(options):
    """All of it.

    Returns:
        dict: rows of time to accuracy, `ratio_to_best_peer` (plain Keras' time to ours, of each
        corpus), what callbacks cost on each, and the scaling of two workers.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = functools.partial(batches_of, embedded(folder), folder / "small", SMALL)
        asked = {"embedded": (small, options.accuracy)}
        if options.manifest:
            own = functools.partial(batches_of, options.manifest, folder / "own", {})
            asked[options.manifest] = (own, options.manifest_accuracy)
        rows, ratios = [], {}
        for corpus, (batches, wanted) in asked.items():
            plain, ours = time_to(wanted, batches, options.epochs, options.repeats)
            rows += [{"corpus": corpus} | row for row in (plain, ours)]
            reached = None not in (plain["seconds"], ours["seconds"])
            ratios[corpus] = plain["seconds"] / ours["seconds"] if reached else None
        return {
            "rows": rows,
            "ratio_to_best_peer": ratios,
            "overhead": {
                corpus: overhead(batches, epochs=options.pair_epochs, pairs=options.pairs)
                for corpus, (batches, _) in asked.items()
            },
            "scaling": scaling(),
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--accuracy", type=float, default=0.7, help="of validation, to reach")
    parser.add_argument("--manifest", help="clips of your own beside the embedded corpus")
    parser.add_argument("--manifest-accuracy", type=float, default=0.7, help="to reach on those")
    parser.add_argument("--epochs", type=int, default=30, help="at most, to the accuracy")
    parser.add_argument("--repeats", type=int, default=3, help="trainings of each contender")
    parser.add_argument("--pairs", type=int, default=5, help="trainings without and with callbacks")
    parser.add_argument("--pair-epochs", type=int, default=10)
    options = parser.parse_args()
    show(measure(options), as_json=options.json)


if __name__ == "__main__":
    main()

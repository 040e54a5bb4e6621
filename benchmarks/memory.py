"""Resident memory after 200 and after 3,000 decodes, epochs and predictions: flat within 5 %.

Each job runs in a process of its own; child processes that it holds are counted with it. A job has
no peer but itself: `ratio_to_best_peer` is the worst ratio of later to earlier memory.

    nice python benchmarks/memory.py --json
"""

import argparse
import functools
import itertools
import multiprocessing
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import psutil
from table import show

import mmfusion as mm
from mmfusion.data.align import align
from mmfusion.media.sandbox import sandboxed_map

SIZE = mm.data.CorpusSize(train=1, val=0, test=0, broken=1)
SPEC = mm.ClipSpec(steps=4, size_px=32, sample_rate_hz=8_000, tokens=4, vocabulary_size=64)
PREPARED = 100


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counts", type=int, nargs=2, default=(200, 3_000), metavar="N")
    parser.add_argument("--jobs", nargs="+", default=list(JOBS), choices=list(JOBS))
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    rows = [alone(name, options.counts) for name in options.jobs]
    worst = max(row["ratio"] for row in rows)
    result = {"counts": options.counts, "rows": rows, "ratio_to_best_peer": worst}
    show(result, as_json=options.json)


def alone(name, counts):
    """The row of a job, measured in a fresh process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        early_mb, late_mb = pool.submit(resident_mb, name, counts).result()
    return {"name": name, "early_mb": early_mb, "late_mb": late_mb, "ratio": late_mb / early_mb}


def resident_mb(name, counts):
    """Memory of this process and its children after so many units of a job."""
    process, done, found = psutil.Process(), itertools.count(1), []

    def tick():
        if next(done) in counts:
            held = [process, *process.children(recursive=True)]
            found.append(sum(each.memory_info().rss for each in held) / 2**20)

    with tempfile.TemporaryDirectory() as folder:
        manifest = mm.data.make_corpus(Path(folder, "corpus"), SIZE)
        JOBS[name](mm.data.read_manifest(manifest), Path(folder), counts[1], tick)
    return found


def copies(clips, count):
    """So many clips, over and over the same files."""
    return [
        mm.Clip(**{**vars(clip), "id": str(at)})
        for at, clip in zip(range(count), itertools.cycle(clips), strict=False)
    ]


# The jobs: each ticks after one unit of work.


def decodes(clips, folder, count, tick):
    """`read_media` in this process."""
    paths = [clip.video for clip in clips if clip.video and clip.label and clip.group != clip.id]
    asked = {"times_s": SPEC.step_times_s, "size_px": 32, "window_s": (0, 2), "rate_hz": 8_000}
    for path in itertools.islice(itertools.cycle(paths), count):
        mm.media.read_media(path, **asked)
        tick()


def sandboxed(clips, folder, count, tick):
    """Decoding in one child process that lives on, broken files among them."""
    decode = functools.partial(align, spec=SPEC)
    for _ in sandboxed_map(decode, copies(clips, count), workers=1):
        tick()


def prepares(clips, folder, count, tick):
    """`prepare`, a hundred clips at a time."""
    some = copies(clips, PREPARED)
    for at in range(0, count, PREPARED):
        mm.data.prepare(some, SPEC, folder / f"records-{at}", workers=1, quiet=True)
        for _ in some:
            tick()


def epochs(clips, folder, count, tick):
    """Epochs of `fit` with every callback of a run, on a model that has learned what it can.

    One that still gets better is saved by Keras 3.15, which keeps 70 KiB each time: it means to
    remember what an optimiser looks like, and builds one on every save instead.
    """
    import keras  # only here: beside TensorFlow's own memory small leaks would not show

    prep, _, records = parts(clips, folder)
    inputs = {
        name: keras.Input(tensor.shape[1:], dtype=tensor.dtype, name=name)
        for name, tensor in prep.output.items()
    }
    sound = keras.layers.Flatten()(inputs["audio"])
    output = keras.layers.Dense(len(records.classes), activation="softmax")(sound)
    model = keras.Model(inputs, output)
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss="sparse_categorical_crossentropy")
    varied = mm.data.dataset(records, prep, training=True)
    model.fit(
        varied.repeat().prefetch(2),
        steps_per_epoch=int(varied.cardinality()),
        validation_data=mm.data.dataset(records, prep),
        epochs=count,
        callbacks=[
            *mm.training.callbacks(folder / "run", patience=count),
            keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: tick()),
        ],
        shuffle=False,
        verbose=0,
    )


def batches(clips, folder, count, tick):
    """`Predictor.batch`, of sizes that vary."""
    predictor, records = exported(clips, folder)
    aligned, _ = next(iter(mm.data.dataset(records, None, batch_size=4)))
    for at in range(count):
        predictor.batch({name: value[: 1 + at % 4].numpy() for name, value in aligned.items()})
        tick()


def files(clips, folder, count, tick):
    """`Predictor.clips`, decoding in one child process, broken files among them."""
    predictor, _ = exported(clips, folder)
    for _ in predictor.clips(copies(clips, count)):
        tick()


def parts(clips, folder):
    """A Preprocessor, a small model, and the records."""
    records = mm.data.prepare(clips, SPEC, folder / "records", workers=1, quiet=True)
    prep = mm.data.preprocessor(SPEC, vocabulary=["help"])
    return prep, mm.models.classifier(SPEC, classes=len(records.classes), units=4), records


def exported(clips, folder):
    prep, model, records = parts(clips, folder)
    path = mm.serving.export(folder / "model", prep, model, classes=records.classes, spec=SPEC)
    return mm.serving.Predictor(path), records


JOBS = {job.__name__: job for job in (decodes, sandboxed, prepares, epochs, batches, files)}

if __name__ == "__main__":
    main()

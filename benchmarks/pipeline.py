"""What preparing clips once is worth: a corpus read by mmfusion and in two other ways.

Every contender gives the same aligned batches of 16 clips: from records that stay in memory (each
epoch but the first), from records on disk (the first), by decoding each clip anew in every epoch,
and through the `tf.data.Dataset.from_generator` that one would write with OpenCV and PyAV. They
take turns, so that a busy machine slows all alike; the time of a contender is its best of the
rounds. `cpu ms` counts the work of all its threads.

`waiting_share` is the part of a step of `model.fit` (default classifier, default variation) that
is spent blocked in `next()`; `input_cpu_share` is the part of a step's processor time that goes
into its input, beside the same `fit` on a batch that lies ready. `workers_ratio` is the throughput
of two prepare workers over that of one, `..._steady` leaves out their start, and the `heavy_cpu_ms`
of parent and children tell how much there is to share.

    nice python benchmarks/pipeline.py --json
    nice python benchmarks/pipeline.py --manifest clips/manifest.csv
"""

import argparse
import functools
import itertools
import math
import os
import tempfile
import time
from pathlib import Path

import av
import cv2
import numpy as np
import tensorflow as tf
from table import show

import mmfusion as mm
from mmfusion.data.align import align
from mmfusion.media.sandbox import sandboxed_map

BATCH = 16
PICTURE, FPS, SECONDS = (720, 1280), 25, 6.0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--manifest", help="clips to read; by default some are made")
    parser.add_argument("--scenes", type=int, default=32, help="to make, eight clips each")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=4, help="of `fit`")
    parser.add_argument("--heavy", type=int, default=48, help="clips for the workers, above 8")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        size = mm.data.CorpusSize(train=options.scenes, val=0, test=0, broken=0)
        manifest = options.manifest or mm.data.make_corpus(Path(folder, "corpus"), size)
        clips = mm.data.read_manifest(manifest)
        records = mm.data.prepare(clips, mm.ClipSpec(), Path(folder, "records"), quiet=True)
        rows = race(contenders(clips, records), options.rounds)
        result = {
            "clips": len(clips),
            "rows": rows,
            **ratios(rows),
            **waiting(clips, records, options.epochs),
            **workers(Path(folder), options.heavy, options.rounds),
        }
    show(result, as_json=options.json)


def race(epochs, rounds):
    """A row for each contender, from its best epoch."""
    best_ms = {name: np.full(2, math.inf) for name in epochs}
    for _, (name, epoch) in itertools.product(range(rounds), epochs.items()):
        start_s = clocks_s()
        count = sum(len(labels) for _, labels in epoch())
        best_ms[name] = np.minimum(best_ms[name], 1e3 * (clocks_s() - start_s) / count)
    return [
        {"name": name, "clips_per_s": 1e3 / wall_ms, "wall_ms": wall_ms, "cpu_ms": cpu_ms}
        for name, (wall_ms, cpu_ms) in best_ms.items()
    ]


def clocks_s():
    """Time on the wall, and of this process on all processors."""
    return np.array([time.perf_counter(), time.process_time()])


def ratios(rows):
    memory, disk, *peers = (row["clips_per_s"] for row in rows)
    decoding, generator = peers
    return {
        "ratio_to_best_peer": memory / max(peers),
        "times_decoding": memory / decoding,
        "times_decoding_first_epoch": disk / decoding,
        "times_generator": memory / generator,
    }


def contenders(clips, records):
    """Callables that give one epoch of `(x, y)` batches, ours first."""
    kept = mm.data.dataset(records, None, batch_size=BATCH)
    sum(1 for _ in kept)  # reads them into memory
    return {
        "records in memory": lambda: kept,
        "records on disk": lambda: mm.data.dataset(records, None, batch_size=BATCH),
        "decoding each epoch": functools.partial(decoded, clips, records),
        "from_generator": lambda: generated(clips, records),
    }


def decoded(clips, records):
    """Batches of clips decoded by mmfusion in this process."""
    number = {name: at for at, name in enumerate(records.classes)}
    for at in range(0, len(clips), BATCH):
        some = clips[at : at + BATCH]
        aligned = [mm.data.prepare_clip(clip, records.spec) for clip in some]
        x = {name: np.stack([clip[name] for clip in aligned]) for name in aligned[0]}
        yield x, np.array([number[clip.label] for clip in some])


# What a user would write without mmfusion.


def generated(clips, records):
    spec = records.spec
    number = {name: at for at, name in enumerate(records.classes)}
    types = {"audio": tf.float32, "text": tf.string, "video": tf.uint8}
    signature = {
        name: tf.TensorSpec(shape, types[name]) for name, shape in spec.aligned_shapes.items()
    }
    signature |= {f"{name}_mask": tf.TensorSpec((spec.steps,), tf.bool) for name in types}

    def generator():
        for clip in clips:
            yield read_clip(clip, spec), number[clip.label]

    data = tf.data.Dataset.from_generator(
        generator, output_signature=(signature, tf.TensorSpec((), tf.int32))
    )
    return data.batch(BATCH).prefetch(tf.data.AUTOTUNE)


def read_clip(clip, spec):
    frames = np.zeros(spec.aligned_shapes["video"], np.uint8)
    sound = np.zeros(spec.steps * spec.samples, np.float32)
    words = [[] for _ in range(spec.steps)]
    if clip.video:
        frames[:] = read_frames(str(clip.video), spec)
    if clip.audio or clip.video:
        heard = read_sound(str(clip.audio or clip.video), spec)[: len(sound)]
        sound[: len(heard)] = heard
    if clip.transcript:
        for block in clip.transcript.read_text().split("\n\n"):
            _, times, *lines = block.strip().split("\n")
            start_s, end_s = (float(t[6:].replace(",", ".")) for t in times.split(" --> "))
            words[int((start_s + end_s) / 2 / spec.step_s)] += lines
    sound = sound.reshape(spec.steps, spec.samples)
    text = np.array([" ".join(said) for said in words], object)
    return {
        "audio": sound,
        "audio_mask": sound.any(axis=1),
        "text": text,
        "text_mask": text != "",
        "video": frames,
        "video_mask": frames.any(axis=(1, 2, 3)),
    }


def read_frames(path, spec):
    capture, frames = cv2.VideoCapture(path), []
    fps = capture.get(cv2.CAP_PROP_FPS)
    while True:
        good, image = capture.read()
        if not good:
            break
        frames.append(image)
    capture.release()
    wanted = [min(int(time_s * fps), len(frames) - 1) for time_s in spec.step_times_s]
    size = (spec.size_px, spec.size_px)
    return [cv2.resize(frames[at], size, interpolation=cv2.INTER_AREA)[..., ::-1] for at in wanted]


def read_sound(path, spec):
    with av.open(path) as container:
        if not container.streams.audio:
            return np.zeros(0, np.float32)
        resampler = av.AudioResampler("flt", "mono", spec.sample_rate_hz)
        pieces = [
            piece.to_ndarray()[0]
            for frame in (*container.decode(audio=0), None)
            for piece in resampler.resample(frame)
        ]
    return np.concatenate(pieces)


# Waiting for input, and prepare workers.


def waiting(clips, records, epochs):
    """What a step of `fit` spends on its input, fed as `mmfusion train` feeds it."""
    prep = mm.data.preprocessor(records.spec, vocabulary=mm.data.vocabulary(clips))
    data = mm.data.dataset(records, prep, batch_size=BATCH, training=True)
    steps = int(data.cardinality())
    fed = data.repeat().prefetch(2)
    ready = tf.data.Dataset.from_tensors(next(iter(data))).repeat()
    model = mm.models.classifier(records.spec, classes=len(records.classes))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    seen = watch(model)
    step_s, cpu_s = {}, {}
    for name, batches in (("ready", ready), ("fed", fed)):
        seen.clear()
        model.fit(batches, steps_per_epoch=steps, epochs=1 + epochs, shuffle=False, verbose=0)
        start_s, spent_s, waited_s = np.array(seen[steps:]).T  # the first epoch traces and reads
        step_s[name], cpu_s[name] = np.diff(start_s), np.diff(spent_s).mean()
    return {
        "step_ms": 1e3 * np.median(step_s["fed"]),
        "step_ms_without_input": 1e3 * np.median(step_s["ready"]),
        "waiting_share": waited_s[:-1].sum() / step_s["fed"].sum(),
        "input_cpu_share": 1 - cpu_s["ready"] / cpu_s["fed"],
    }


def watch(model):
    """Collects the start of each training step, on both clocks, and the seconds in `next()`."""
    model.make_train_function()
    step, seen = model.train_function, []

    def watched(batches):
        start_s = clocks_s()
        batch = next(batches)
        seen.append((*start_s, clocks_s()[0] - start_s[0]))
        return step(iter([batch]))

    model.train_function = watched
    return seen


def workers(folder, count, rounds):
    """Two prepare workers over one, on clips of six seconds in 720p."""
    path = folder / "heavy.mp4"
    write_heavy(path)
    spec = mm.ClipSpec(seconds=SECONDS, steps=round(4 * SECONDS))
    clips = [mm.Clip(str(at), video=path) for at in range(count)]
    decode = functools.partial(align, spec=spec)
    in_all, steady = np.full((2, 2), math.inf)
    cpu_s = np.full(2, math.inf)  # of this process and of children
    for turn, number in itertools.product(range(rounds), (1, 2)):
        start_s, before_s = time.perf_counter(), processors_s()
        out = folder / f"heavy-{turn}-{number}"
        mm.data.prepare(clips, spec, out, workers=number, quiet=True)
        in_all[number - 1] = min(in_all[number - 1], time.perf_counter() - start_s)
        cpu_s = np.minimum(cpu_s, processors_s() - before_s)
        results = sandboxed_map(decode, clips, workers=number)
        for _ in range(4 * number):  # the children have started
            next(results)
        start_s = time.perf_counter()
        left = sum(1 for _ in results)
        steady[number - 1] = min(steady[number - 1], (time.perf_counter() - start_s) / left)
    return {
        "heavy_clips_per_s": count / in_all[0],
        "workers_ratio": in_all[0] / in_all[1],
        "workers_ratio_steady": steady[0] / steady[1],
        "heavy_cpu_ms": dict(zip(("parent", "children"), 1e3 * cpu_s / count, strict=True)),
    }


def processors_s():
    """Processor time of this process and of the children that ended."""
    spent = os.times()
    return np.array([spent.user + spent.system, spent.children_user + spent.children_system])


def write_heavy(path):
    """A view that drifts over coarse noise, with a tone."""
    rng = np.random.default_rng(0)
    height, width = PICTURE
    count = round(FPS * SECONDS)
    ground = rng.integers(0, 255, (height // 8, width // 8 + count, 3), np.uint8)
    ground = ground.repeat(8, axis=0).repeat(8, axis=1)
    frames = np.stack([ground[:, 4 * t : 4 * t + width] for t in range(count)])
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(round(SECONDS * 16_000)) / 16_000)
    mm.media.write_video(path, frames, fps=FPS, samples=tone, sample_rate_hz=16_000)


if __name__ == "__main__":
    main()

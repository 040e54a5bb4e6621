"""Step time of `model.fit`: our classifier beside the same layers written by hand in Keras."""

import argparse
import json
import operator
import statistics
import time

import keras
import numpy as np
import tensorflow as tf
from keras import ops

import mmfusion as mm
from mmfusion.branches.two_stream import BranchDropout


class Timer(keras.callbacks.Callback):
    """Collects the seconds of every training step but the first."""

    def __init__(self):
        super().__init__()
        self.seconds = []

    def on_train_batch_begin(self, batch, logs=None):
        self.start_s = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        if batch:
            self.seconds.append(time.perf_counter() - self.start_s)


def by_hand(spec, classes, units=64):
    """The default classifier as one would write it, masks given to those layers that take them.

    What moves in the pictures, and which stream is seen, are layers of ours in both.
    """
    shapes, layers = spec.ready_shapes, keras.layers
    inputs = {name: keras.Input(shape, name=name) for name, shape in shapes.items()}
    masks = {name: keras.Input((spec.steps,), dtype="bool", name=f"{name}_mask") for name in shapes}

    statistics = mm.layers.MotionStatistics()(inputs["video"], masks["video"])
    moved = ops.repeat(ops.mean(statistics, axis=1, keepdims=True), spec.steps, axis=1)
    frames = ops.reshape(inputs["video"], (-1, *shapes["video"][1:]))
    change = frames[..., -1:]
    towers = [ops.concatenate([change, ops.abs(change)], axis=-1), frames[..., :-1]]
    seen = [ops.reshape(_tower(pictures, units), (-1, spec.steps, units)) for pictures in towers]
    seen.append(layers.Dense(units, activation="relu")(moved))
    video = BranchDropout()(seen)
    video = video + layers.Conv1D(units, 3, padding="same", activation="relu")(video)

    sound = ops.reshape(inputs["audio"], (-1, spec.steps * spec.mel_frames, spec.mel_bins))
    sound = layers.SpatialDropout1D(0.3)(layers.Dense(units)(sound))
    for dilation in (1, 2, 4, 8):
        conv = layers.Conv1D(units, 5, dilation_rate=dilation, padding="same", activation="relu")
        sound = sound + conv(layers.LayerNormalization()(sound))
    sound = layers.LayerNormalization()(sound)
    whole = ops.concatenate([ops.mean(sound, axis=1), ops.max(sound, axis=1)], axis=-1)
    sound = ops.max(ops.reshape(sound, (-1, spec.steps, spec.mel_frames, units)), axis=2)
    sound = sound + layers.Dense(units)(whole)[:, None]
    sound = layers.SpatialDropout1D(0.3)(sound)
    audio = sound + _lstm(sound, masks["audio"])

    words = ops.reshape(inputs["text"], (-1, spec.tokens))
    words = layers.Embedding(spec.vocabulary_size, 64)(words)
    meant = layers.Dense(units, use_bias=False)(ops.mean(words, axis=1))
    words = layers.Conv1D(units, 3, padding="same", activation="relu")(words)
    words = ops.reshape(ops.max(words, axis=1) + meant, (-1, spec.steps, units))
    text = words + _lstm(words, masks["text"])

    pools = [ops.sum(ops.softmax(each, axis=1) * each, axis=1) for each in (audio, text, video)]
    vectors = ops.concatenate([layers.Dense(units, "tanh")(pool) for pool in pools], axis=-1)
    gated = vectors * layers.Dense(3 * units, "sigmoid")(vectors)
    fused = sum(ops.split(gated, 3, axis=-1))
    fused = layers.Dropout(0.3)(fused)
    inputs |= {f"{name}_mask": mask for name, mask in masks.items()}
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(fused))


def _tower(frames, units):
    layers = keras.layers
    for filters, kernel, stride in ((16, 7, 4), (32, 3, 2), (64, 3, 2)):
        conv = layers.Conv2D(filters, kernel, stride, padding="same", activation="relu")
        frames = conv(frames)
    pools = [layers.GlobalAveragePooling2D()(frames), layers.GlobalMaxPooling2D()(frames)]
    frames = layers.LayerNormalization()(layers.Concatenate()(pools))
    return layers.Dense(units, activation="relu")(frames)


def _lstm(sequence, mask):
    cell = keras.layers.LSTMCell(sequence.shape[-1])
    return keras.layers.RNN(cell, return_sequences=True)(sequence, mask=mask)


def measure(batch_size=16, steps=6, rounds=12):
    """Median step time of each contender, in rounds that take turns.

    Returns:
        dict: a row for each contender, and `ratio_to_best_peer`, the median over the rounds.
    """
    spec, rng = mm.ClipSpec(), np.random.default_rng(0)
    clips = {
        name: rng.normal(size=(batch_size, *shape)).astype("float32")
        for name, shape in spec.ready_shapes.items()
    }
    clips["text"] = rng.integers(1, spec.vocabulary_size, clips["text"].shape, dtype="int32")
    clips |= {f"{name}_mask": np.ones((batch_size, spec.steps), bool) for name in spec.modalities}
    labels = rng.integers(0, 2, batch_size)
    contenders = {
        "mmfusion": mm.models.classifier(spec, classes=2),
        "keras by hand": by_hand(spec, 2),
    }
    times = {name: [] for name in contenders}
    for model in contenders.values():
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", jit_compile=False)
    for turn in range(rounds + 1):
        for name, model in contenders.items():
            timer = Timer()
            batches = tf.data.Dataset.from_tensors((clips, labels)).repeat(steps)
            model.fit(batches, verbose=0, callbacks=[timer])
            if turn:  # the first round traces and warms up
                times[name].append(statistics.median(timer.seconds))
    rows = [
        {
            "contender": name,
            "step_ms": round(1e3 * statistics.median(times[name]), 2),
            "clips_per_s": round(batch_size / statistics.median(times[name]), 1),
            "parameters": model.count_params(),
        }
        for name, model in contenders.items()
    ]
    ratio = statistics.median(map(operator.truediv, *times.values()))
    return {"batch_size": batch_size, "rows": rows, "ratio_to_best_peer": round(ratio, 3)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--batch-size", type=int, default=16)
    options = parser.parse_args()
    result = measure(options.batch_size)
    if options.json:
        print(json.dumps(result))
        return
    print(f"{'contender':<16}{'step':>10}{'clips/s':>10}{'parameters':>12}")
    for row in result["rows"]:
        print(
            f"{row['contender']:<16}{row['step_ms']:>7} ms{row['clips_per_s']:>10}"
            f"{row['parameters']:>12,}"
        )
    print(f"ratio to best peer: {result['ratio_to_best_peer']} (at most 1.05)")


if __name__ == "__main__":
    main()

"""Parameters and step time of every fusion, and of some that are written by hand in Keras."""

import argparse
import functools
import json
import statistics
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

import mmfusion as mm

BATCH, WIDTH, UNITS = 16, 64, 64
MODALITIES, STEPS = (2, 3), (16, 64, 256)


def gated_by_hand(features, masks):
    pooled = _pooled(features, masks)
    vectors = layers.Concatenate()([layers.Dense(UNITS, "tanh")(vector) for vector in pooled])
    gated = layers.Multiply()([vectors, layers.Dense(vectors.shape[-1], "sigmoid")(vectors)])
    return ops.sum(ops.reshape(gated, (-1, len(features), UNITS)), axis=1)


def _pooled(features, masks):
    softmax = layers.Softmax(axis=1)
    pairs = zip(features, masks, strict=True)
    return [ops.sum(softmax(x, mask=mask[..., None]) * x, axis=1) for x, mask in pairs]


def feature_by_hand(features, masks):
    vectors = [layers.Dense(UNITS, "relu")(vector) for vector in _pooled(features, masks)]
    return layers.Dense(UNITS, "relu")(layers.Concatenate()(vectors))


def temporal_by_hand(features, masks):
    lstm = layers.RNN(layers.LSTMCell(UNITS), return_sequences=True)
    return lstm(layers.Concatenate()(features), mask=ops.any(ops.stack(masks), axis=0))


def self_attention_by_hand(features, masks):
    steps = features[0].shape[1]
    places = ops.convert_to_tensor(mm.ops.positions.sinusoidal(steps, UNITS))
    tokens = [layers.Dense(UNITS)(sequence) + places for sequence in features]
    tokens, mask = layers.Concatenate(axis=1)(tokens), layers.Concatenate(axis=1)(masks)
    attention = layers.MultiHeadAttention(4, UNITS // 4, use_bias=False)
    query, value = layers.LayerNormalization()(tokens), layers.LayerNormalization()(tokens)
    tokens = tokens + attention(query, value, attention_mask=mask[:, None])
    wide = layers.Dense(2 * UNITS, "gelu")(layers.LayerNormalization()(tokens))
    tokens = tokens + layers.Dense(UNITS)(wide)
    return layers.GlobalAveragePooling1D()(tokens, mask=mask)


BY_HAND = {
    "FeatureFusion": feature_by_hand,
    "GatedFusion": gated_by_hand,
    "SelfAttentionFusion": self_attention_by_hand,
    "TemporalFusion": temporal_by_hand,
}


def models(name, modalities, steps):
    """Models of one fusion and a dense layer: ours and, where there is one, that by hand."""
    inputs = {f"m{i}": keras.Input((steps, WIDTH), name=f"m{i}") for i in range(modalities)}
    masks = {key: keras.Input((steps,), dtype="bool", name=f"{key}_mask") for key in inputs}
    fusion = mm.fusion.ConcatFusion() if name == "ConcatFusion" else getattr(mm.fusion, name)(UNITS)
    everything = {**inputs, **{f"{key}_mask": mask for key, mask in masks.items()}}
    yield "mmfusion", keras.Model(everything, layers.Dense(2)(fusion(inputs, masks)))
    if name in BY_HAND:
        fused = BY_HAND[name](list(inputs.values()), list(masks.values()))
        yield "keras by hand", keras.Model(everything, layers.Dense(2)(fused))


def measure(name, modalities, steps, rounds):
    """A row for each contender: parameters, milliseconds of a call and of a training step."""
    rng = np.random.default_rng(0)
    values = {}
    for index in range(modalities):
        values[f"m{index}"] = rng.normal(size=(BATCH, steps, WIDTH)).astype("float32")
        values[f"m{index}_mask"] = np.ones((BATCH, steps), bool)
    values = {key: tf.constant(value) for key, value in values.items()}
    jobs, rows = [], []
    for contender, model in models(name, modalities, steps):
        model.compile(optimizer="adam", loss="mse", jit_compile=False)
        targets = tf.zeros((BATCH, *model.output_shape[1:-1], 2))
        rows.append(
            {
                "fusion": name,
                "modalities": modalities,
                "steps": steps,
                "contender": contender,
                "parameters": model.count_params(),
            }
        )
        forward = functools.partial(tf.function(model), values)
        train = functools.partial(model.train_on_batch, values, targets)
        jobs += [(rows[-1], "forward_ms", forward), (rows[-1], "train_ms", train)]
    times = [[] for _ in jobs]
    for turn in range(rounds + 1):
        for at, (_, _, job) in enumerate(jobs):
            start_s = time.perf_counter()
            job()
            if turn:  # the first round traces
                times[at].append(time.perf_counter() - start_s)
    for (row, key, _), seconds in zip(jobs, times, strict=True):
        row[key] = round(1e3 * statistics.median(seconds), 3)
    if len(rows) == 2:
        rows[0]["ratio"] = round(rows[0]["train_ms"] / rows[1]["train_ms"], 3)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--fusion", action="append", help="a class name; default all")
    options = parser.parse_args()
    rows = []
    for name in options.fusion or mm.fusion.__all__:
        for modalities in MODALITIES:
            for steps in STEPS:
                rows += measure(name, modalities, steps, options.rounds)
                keras.backend.clear_session()
    ratios = [row["ratio"] for row in rows if "ratio" in row]
    worst = max(ratios, default=None)
    if options.json:
        print(json.dumps({"batch_size": BATCH, "rows": rows, "ratio_to_best_peer": worst}))
        return
    print(f"{'fusion':<26}{'M':>3}{'T':>5}{'parameters':>12}{'forward':>11}{'training':>11}  ratio")
    for row in rows:
        print(
            f"{row['fusion'] if row['contender'] == 'mmfusion' else '  by hand':<26}"
            f"{row['modalities']:>3}{row['steps']:>5}{row['parameters']:>12,}"
            f"{row['forward_ms']:>8} ms{row['train_ms']:>8} ms  {row.get('ratio', '')}"
        )
    print(f"worst ratio to a peer by hand: {worst} (at most 1.05)")


if __name__ == "__main__":
    main()

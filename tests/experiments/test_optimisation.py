import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.apps.runs.optimisation import (
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
    Optimisation,
    as_trained_on,
    further_callbacks,
    make_loss,
    make_optimizer,
    precision,
)

CASES = [
    *({"optimizer": name} for name in OPTIMIZERS),
    *({"schedule": name, "snapshots": 2} for name in SCHEDULES),
    *({"loss": name} for name in LOSSES),
    {"optimizer": "sgd", "nesterov": True},
    {"smoothing": 0.1, "balance_classes": True},
    {"accumulate": 2},
    {"ema": 0.9},
    {"mix": "mixup"},
    {"mix": "cutmix", "loss": "focal"},
    {"clip_norm": None},
    {"precision": "mixed_float16"},
    {"precision": "mixed_bfloat16"},
]


def batches():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(48, 2, 3)).astype("float32")
    y = (x.mean(axis=(1, 2)) > 0).astype("int32")
    mask = np.ones((48, 2), bool)
    return tf.data.Dataset.from_tensor_slices(({"audio": x, "audio_mask": mask}, y)).batch(8)


def make(how):
    keras.utils.set_random_seed(1)
    x = {
        "audio": keras.Input((2, 3), name="audio"),
        "audio_mask": keras.Input((2,), dtype="bool", name="audio_mask"),
    }
    with precision(how):
        hidden = keras.layers.Dense(8, "relu")(keras.layers.Flatten()(x["audio"]))
        return keras.Model(x, keras.layers.Dense(2, "softmax", dtype="float32")(hidden))


@pytest.mark.parametrize("fields", CASES, ids=str)
def test_every_way_trains(fields, tmp_path):
    how = Optimisation(**{"warmup": 0.0, **fields})
    model = make(how)
    rate = {"adagrad": 0.2, "sgd": 0.1, "lion": 0.01}.get(how.optimizer, 0.03)
    model.compile(optimizer=make_optimizer(how, rate, steps=36), loss=make_loss(how, [20, 28]))
    losses = model.fit(
        as_trained_on(batches(), how, 2),
        epochs=6,
        verbose=0,
        shuffle=False,
        callbacks=further_callbacks(how, tmp_path, epochs=6, monitor="loss"),
    ).history["loss"]
    assert losses[-1] < losses[0]
    assert keras.config.dtype_policy().name == "float32"


def test_the_options_reach_the_optimiser():
    how = Optimisation(optimizer="sgd", schedule="fixed", nesterov=True, accumulate=4, ema=0.5)
    found = make_optimizer(how, 0.25, steps=8, weight_decay=0.125).get_config()
    expected = {
        "learning_rate": 0.25,
        "momentum": 0.9,
        "nesterov": True,
        "weight_decay": 0.125,
        "global_clipnorm": 1.0,
        "gradient_accumulation_steps": 4,
        "use_ema": True,
        "ema_momentum": 0.5,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_a_schedule_counts_the_steps_that_accumulation_leaves():
    how = Optimisation(accumulate=4, warmup=0.0)
    schedule = make_optimizer(how, 1.0, steps=40)._learning_rate
    assert float(schedule(10)) == pytest.approx(0.0)
    assert float(schedule(5)) == pytest.approx(0.5)


def test_snapshots_at_the_ends_of_cycles_and_the_last_epochs(tmp_path):
    how = Optimisation(snapshots=3, average_epochs=2)
    cycles, last = further_callbacks(how, tmp_path, epochs=9, monitor="loss")
    assert cycles.epochs == {2, 5, 8}
    assert last.epochs == {7, 8}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"optimizer": "adamax"}, "`optimizer` must be one of adagrad, .*'adamax'"),
        ({"schedule": "random"}, "`schedule` must be one of"),
        ({"loss": "hinge"}, "`loss` must be one of"),
        ({"mix": "cut"}, "`mix` must be one of None, cutmix, mixup"),
        ({"precision": "float8"}, "`precision` must be one of"),
        ({"accumulate": 0}, "`accumulate` must be at least 1"),
        ({"snapshots": -1}, "`snapshots` must be at least 0"),
    ],
)
def test_unknown_names(fields, message):
    with pytest.raises(ValueError, match=message):
        Optimisation(**fields)

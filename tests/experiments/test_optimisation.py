import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.experiments.optimisation import (
    extra_callbacks,
    make_loss,
    make_optimizer,
    precision,
    takes_one_hot,
    training_batches,
)
from mmfusion.experiments.tables import LOSSES, OPTIMIZERS, SCHEDULES
from mmfusion.options.optimisation import Optimisation
from mmfusion.options.reading import read_options
from mmfusion.options.training import Training

CASES = [
    *({"optimizer": name} for name in OPTIMIZERS),
    *({"schedule": name, "snapshots": 2} for name in SCHEDULES),
    *({"loss": name} for name in LOSSES),
    {"optimizer": "sgd", "nesterov": True},
    {"label_smoothing": 0.1, "balance_classes": True},
    {"gradient_accumulation_steps": 2},
    {"ema_momentum": 0.9},
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
    rate = {"adagrad": 0.2, "sgd": 0.1, "lion": 0.01}.get(fields.get("optimizer"), 0.03)
    fixed = {"warmup": 0.0, "epochs": 4, "learning_rate": rate, "weight_decay": 0.0}
    how = Optimisation(**fixed | fields)
    model = make(how)
    model.compile(optimizer=make_optimizer(how, steps=24), loss=make_loss(how, [20, 28]))
    losses = model.fit(
        training_batches(batches(), how, 2),
        epochs=4,
        verbose=0,
        shuffle=False,
        callbacks=extra_callbacks(how, tmp_path, monitor="loss"),
    ).history["loss"]
    assert losses[-1] < losses[0]
    assert keras.config.dtype_policy().name == "float32"


def test_the_options_reach_the_optimiser():
    how = Optimisation(
        optimizer="sgd",
        schedule="fixed",
        learning_rate=0.25,
        weight_decay=0.125,
        nesterov=True,
        gradient_accumulation_steps=4,
        ema_momentum=0.5,
    )
    found = make_optimizer(how, steps=8).get_config()
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


def test_another_learning_rate_goes_before_that_of_the_options():
    how = Optimisation(schedule="fixed", learning_rate=0.25)
    assert float(make_optimizer(how, steps=1, learning_rate=0.5).learning_rate) == 0.5


@pytest.mark.parametrize(("optimizer", "kept"), [("adamw", 0.0), ("adam", None), ("sgd", None)])
def test_no_weight_decay(optimizer, kept):
    how = Optimisation(optimizer=optimizer, weight_decay=0.0)
    assert make_optimizer(how, steps=1).get_config()["weight_decay"] == kept


def test_biases_are_not_decayed():
    how = Optimisation(optimizer="sgd", schedule="fixed", weight_decay=0.5, momentum=0.0)
    dense = keras.layers.Dense(1, kernel_initializer="ones", bias_initializer="ones")
    model = keras.Sequential([keras.Input((1,)), dense])
    model.compile(optimizer=make_optimizer(how, steps=1, learning_rate=0.5), loss="mse")
    model.train_on_batch(np.zeros((1, 1)), np.ones((1, 1)))  # no gradient: the prediction is right
    assert [float(weight.numpy().item()) for weight in dense.weights] == [0.75, 1.0]


def test_a_schedule_counts_the_steps_that_accumulation_leaves():
    how = Optimisation(gradient_accumulation_steps=4, warmup=0.0, learning_rate=1.0)
    schedule = make_optimizer(how, steps=40)._learning_rate
    assert float(schedule(10)) == pytest.approx(0.0)
    assert float(schedule(5)) == pytest.approx(0.5)


def test_snapshots_at_the_ends_of_cycles_and_the_last_epochs(tmp_path):
    how = Optimisation(snapshots=3, average_epochs=2, epochs=9)
    cycles, last = extra_callbacks(how, tmp_path, monitor="loss")
    assert cycles.epochs == {2, 5, 8}
    assert last.epochs == {7, 8}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({}, False), ({"loss": "focal"}, False), ({"loss": "mse"}, True), ({"mix": "cutmix"}, True)],
)
def test_labels_as_shares_of_classes(fields, expected):
    how = Optimisation(**fields)
    assert takes_one_hot(how) is expected
    _, labels = next(iter(training_batches(batches(), how, 2)))[:2]
    assert labels.shape == ((8, 2) if expected else (8,))


@pytest.mark.parametrize(
    ("counts", "fields", "padded", "plain"),
    [
        ([4, 4], {}, False, True),
        ([4, 5], {}, False, False),
        ([4, 5], {"balance_classes": False}, False, True),
        ([4, 4], {"label_smoothing": 0.1}, False, False),
        ([4, 4], {"mix": "mixup"}, False, False),
        ([4, 4], {}, True, False),
    ],
)
def test_the_plain_loss_wherever_it_does(counts, fields, padded, plain):
    loss = make_loss(Optimisation(**fields), counts, padded=padded)
    assert isinstance(loss, keras.losses.SparseCategoricalCrossentropy) is plain


def test_steps_that_pad_a_sequence_do_not_count():
    loss = make_loss(Optimisation(), [4, 4], padded=True)
    predicted = np.array([[[0.5, 0.5], [0.01, 0.99]]], "float32")
    found = loss(np.array([[0, 0]]), predicted, sample_weight=np.array([[1.0, 0.0]]))
    assert float(found) == pytest.approx(np.log(2), rel=1e-5)
    twice = loss(np.zeros((2, 2)), np.repeat(predicted, 2, 0), sample_weight=[[1.0, 0.0]] * 2)
    assert float(twice) == pytest.approx(np.log(2), rel=1e-5)  # the mean of both steps that count


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"optimizer": "adamax"}, "`optimizer` must be one of adagrad, .*'adamax'"),
        ({"schedule": "random"}, "`schedule` must be one of"),
        ({"loss": "hinge"}, "`loss` must be one of"),
        ({"mix": "cut"}, "`mix` must be one of cutmix, mixup"),
        ({"precision": "float8"}, "`precision` must be one of"),
        ({"gradient_accumulation_steps": 0}, "`gradient_accumulation_steps` must be at least 1"),
        ({"snapshots": -1}, "`snapshots` must be at least 0"),
    ],
)
def test_what_does_not_fit(fields, message):
    with pytest.raises(ValueError, match=message):
        read_options(Training, **fields)

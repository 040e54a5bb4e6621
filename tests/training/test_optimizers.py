import math

import keras
import numpy as np
import pytest

from mmfusion.training.optimizers import optimizer


def rate_at(schedule, step):
    return float(schedule.learning_rate if not callable(schedule) else schedule(step))


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (0, 0.0),
        (5, 0.05),
        (10, 0.1),
        (55, 0.1 * 0.5 * (1 + math.cos(math.pi * 0.5))),
        (100, 0.0),
        (500, 0.0),
    ],
)
def test_rises_and_falls(step, expected):
    schedule = optimizer(100, learning_rate=0.1, warmup=0.1)._learning_rate
    assert float(schedule(step)) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_few_steps_have_a_finite_rate(steps):
    chosen = optimizer(steps, learning_rate=0.1)
    assert all(math.isfinite(float(chosen._learning_rate(step))) for step in range(steps + 2))


def test_without_warmup_it_starts_high():
    assert float(optimizer(10, learning_rate=0.1, warmup=0.0).learning_rate) == pytest.approx(0.1)


def test_biases_and_scales_are_not_decayed():
    model = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(2), keras.layers.BatchNormalization()]
    )
    chosen = optimizer(10)
    chosen.build(model.trainable_variables)
    decayed = [v.name for v in model.trainable_variables if chosen._use_weight_decay(v)]
    assert decayed == ["kernel"]


def test_long_gradients_are_clipped():
    variable = keras.Variable(np.zeros(2, "float32"))
    clipped = optimizer(10, warmup=0.0, clip_norm=1.0)
    gradients = clipped._clip_gradients([keras.ops.convert_to_tensor([30.0, 40.0])])
    np.testing.assert_allclose(gradients[0], [0.6, 0.8], rtol=1e-6)
    clipped.apply_gradients([(gradients[0], variable)])
    assert np.isfinite(variable.numpy()).all()


@pytest.mark.parametrize(
    "wrong", [{"steps": 0}, {"steps": 5, "warmup": 1.0}, {"steps": 5, "warmup": -0.1}]
)
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match="Received"):
        optimizer(**wrong)


def test_it_trains(make, batches):
    model = make()
    model.compile(
        optimizer=optimizer(60, learning_rate=0.05), loss="sparse_categorical_crossentropy"
    )
    losses = model.fit(batches, epochs=20, verbose=0, shuffle=False).history["loss"]
    assert losses[-1] < 0.5 * losses[0]

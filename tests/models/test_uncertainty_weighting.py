"""Losses of several tasks weighed by how uncertain each is."""

import keras
import numpy as np
import pytest

from mmfusion.models.uncertainty_weighting import UncertaintyWeighting


@pytest.fixture
def weighted():
    keras.utils.set_random_seed(0)
    inputs = keras.Input((2,))
    heads = {task: keras.layers.Dense(1, name=task)(inputs) for task in ("clear", "noisy")}
    losses = {task: keras.losses.MeanSquaredError() for task in ("clear", "noisy")}
    return UncertaintyWeighting(keras.Model(inputs, heads), losses)


def test_loss_by_hand(weighted):
    weighted.compile(optimizer="sgd")
    weighted.log_variances["clear"].assign(np.log(2.0))
    weighted.log_variances["noisy"].assign(np.log(4.0))
    y = {"clear": np.zeros((1, 1)), "noisy": np.zeros((1, 1))}
    said = {"clear": np.array([[3.0]]), "noisy": np.array([[2.0]])}
    expected = 9 / 2 + np.log(2) / 2 + 4 / 4 + np.log(4) / 2
    assert float(weighted.compute_loss(y=y, y_pred=said)) == pytest.approx(expected)
    assert weighted.loss_weights() == pytest.approx({"clear": 0.5, "noisy": 0.25})


def test_a_noisy_task_is_listened_to_less(weighted):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(256, 2))
    y = {"clear": x[:, :1], "noisy": 3 * rng.normal(size=(256, 1))}
    weighted.compile(optimizer=keras.optimizers.Adam(0.05))
    weighted.fit(x, y, epochs=12, batch_size=64, verbose=0)
    weights = weighted.loss_weights()
    assert weights["clear"] > 1 > weights["noisy"] > 0


def test_survives_saving(weighted, tmp_path):
    x = np.ones((3, 2))
    expected = weighted(x)
    weighted.log_variances["noisy"].assign(1.0)
    weighted.compile(optimizer="sgd")
    weighted.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(again(x)["noisy"], expected["noisy"])
    assert again.loss_weights() == pytest.approx(weighted.loss_weights())


def test_every_task_needs_its_loss(weighted):
    with pytest.raises(ValueError, match=r"must name the tasks \['clear', 'noisy'\]"):
        UncertaintyWeighting(weighted.model, {"clear": keras.losses.MeanSquaredError()})

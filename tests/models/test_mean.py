"""Several models of one thing as one."""

import keras
import numpy as np
import pytest

from mmfusion.models.mean import mean_of


def constant(value):
    inputs = {
        "x": keras.Input((2,), name="x"),
        "x_mask": keras.Input((), dtype="bool", name="x_mask"),
    }
    return keras.Model(inputs, keras.layers.Rescaling(0.0, value)(inputs["x"]), name="constant")


def test_gives_the_mean_under_the_name_of_probabilities(tmp_path):
    model = mean_of([constant(value) for value in (0.1, 0.2, 0.6)])
    model.save(tmp_path / "model.keras")
    model = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    values = {"x": np.ones((1, 2)), "x_mask": np.ones((1,), bool)}
    np.testing.assert_allclose(model(values), [[0.3, 0.3]], rtol=1e-6)
    assert model.layers[-1].name == "probabilities"


def test_one_is_itself():
    model = constant(0.5)
    assert mean_of([model]) is model


def test_refuses_none():
    with pytest.raises(ValueError, match="at least one"):
        mean_of([])

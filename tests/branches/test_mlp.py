"""Features that come ready-made, each step through dense layers."""

import keras
import numpy as np

from mmfusion.branches.mlp import mlp


def test_treats_every_step_alike():
    inputs, mask = keras.Input((None, 3), name="x"), keras.Input((None,), dtype="bool")
    model = keras.Model([inputs, mask], mlp(inputs, mask, units=2, hidden=(4,), dropout=0.5)[0])
    step = np.random.default_rng(0).normal(size=3)
    outputs = model([np.tile(step, (1, 5, 1)), np.ones((1, 5), bool)]).numpy()
    np.testing.assert_array_equal(outputs, np.broadcast_to(outputs[:, :1], (1, 5, 2)))


def test_widths_are_those_asked_for():
    inputs, mask = keras.Input((None, 3), name="x"), keras.Input((None,), dtype="bool")
    model = keras.Model([inputs, mask], mlp(inputs, mask, units=2, hidden=(4, 5))[0])
    assert model.count_params() == (3 + 1) * 4 + (4 + 1) * 5 + (5 + 1) * 2

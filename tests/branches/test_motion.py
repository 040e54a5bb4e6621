"""Numbers over time read as movement."""

import keras
import numpy as np

from mmfusion.branches.motion import motion


def test_sees_movement_and_not_the_place():
    keras.utils.set_random_seed(0)
    inputs, mask = keras.Input((9, 2), name="x"), keras.Input((9,), dtype="bool")
    model = keras.Model([inputs, mask], motion(inputs, mask, units=8)[0])
    values, present = np.random.default_rng(0).normal(size=(1, 9, 2)), np.ones((1, 9), bool)
    before = np.array(model([values, present]))
    np.testing.assert_allclose(model([values + 20, present]), before, atol=1e-4)
    values[:, 4] += 1
    assert np.abs(np.array(model([values, present])) - before).max() > 1e-2

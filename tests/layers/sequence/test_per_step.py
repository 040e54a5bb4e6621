"""A layer applied to every step of a clip at once."""

import keras
import numpy as np
import pytest

from mmfusion.layers.sequence.per_step import PerStep


@pytest.mark.parametrize("steps", [1, 4])
def test_equals_keras_time_distributed(steps):
    conv = keras.layers.Conv2D(3, 3)
    frames = np.random.default_rng(0).normal(size=(2, steps, 6, 6, 1)).astype("float32")
    outputs = PerStep(conv)(frames, np.ones((2, steps), bool))
    np.testing.assert_allclose(outputs, keras.layers.TimeDistributed(conv)(frames), atol=1e-6)


def test_absent_steps_are_zero_even_with_a_bias():
    dense = keras.layers.Dense(2, bias_initializer="ones")
    mask = np.array([[True, False]])
    outputs = PerStep(dense)(np.array([[[0.0], [np.nan]]]), mask)
    np.testing.assert_array_equal(outputs, [[[1.0, 1.0], [0.0, 0.0]]])

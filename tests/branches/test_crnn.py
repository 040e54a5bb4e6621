"""Sound read by a convolution over spectrograms, then in both directions by GRUs."""

import keras
import numpy as np

from mmfusion.branches.crnn import crnn


def test_the_first_step_hears_the_last():
    keras.utils.set_random_seed(0)
    inputs, mask = keras.Input((4, 6, 8), name="x"), keras.Input((4,), dtype="bool")
    model = keras.Model([inputs, mask], crnn(inputs, mask, units=8)[0])
    sound = np.random.default_rng(0).normal(size=(1, 4, 6, 8))
    before = model([sound, np.ones((1, 4), bool)]).numpy()
    sound[:, 3] += 2
    after = model([sound, np.ones((1, 4), bool)]).numpy()
    assert np.abs(after - before)[:, 0].max() > 1e-6

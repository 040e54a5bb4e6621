"""A temporal convolutional network."""

import keras
import numpy as np
import pytest

from mmfusion.branches.tcn import tcn


@pytest.mark.parametrize(("blocks", "reach"), [(0, 0), (1, 1), (2, 3), (3, 7)])
def test_windows_widen_from_layer_to_layer(blocks, reach):
    keras.utils.set_random_seed(0)
    inputs, mask = keras.Input((21, 2), name="x"), keras.Input((21,), dtype="bool")
    model = keras.Model([inputs, mask], tcn(inputs, mask, units=16, blocks=blocks)[0])
    values = np.random.default_rng(0).normal(size=(1, 21, 2))
    before = model([values, np.ones((1, 21), bool)]).numpy()
    values[:, 10] += 5
    after = model([values, np.ones((1, 21), bool)]).numpy()
    (changed,) = np.nonzero(np.abs(after - before).max(axis=(0, 2)) > 1e-7)
    assert (changed.min(), changed.max()) == (10 - reach, 10 + reach)

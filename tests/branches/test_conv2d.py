"""Frames read one by one by a 2-D convolution, then looked at across neighbouring steps."""

import keras
import numpy as np
import pytest

from mmfusion.branches.conv2d import conv2d


@pytest.mark.parametrize(("kernel_size", "reach"), [(1, 0), (3, 1), (5, 2)])
def test_sees_neighbouring_steps(kernel_size, reach):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((7, 8, 8, 4), name="x")
    mask = keras.Input((7,), dtype="bool")
    features, _ = conv2d(inputs, mask, units=8, filters=(4, 8), kernel_size=kernel_size)
    model = keras.Model([inputs, mask], features)
    frames = np.random.default_rng(0).normal(size=(1, 7, 8, 8, 4))
    before = model([frames, np.ones((1, 7), bool)]).numpy()
    frames[:, 3] *= -2
    after = model([frames, np.ones((1, 7), bool)]).numpy()
    (changed,) = np.nonzero(np.abs(after - before).max(axis=(0, 2)) > 1e-6)
    assert (changed.min(), changed.max()) == (3 - reach, 3 + reach)

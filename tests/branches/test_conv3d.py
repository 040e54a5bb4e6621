"""Frames read together by convolutions over steps and picture at once."""

import keras
import numpy as np
import pytest

from mmfusion.branches.conv3d import conv2plus1d, conv3d


@pytest.mark.parametrize("branch", [conv3d, conv2plus1d])
def test_every_layer_sees_three_steps(branch):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((9, 8, 8, 1), name="x")
    mask = keras.Input((9,), dtype="bool")
    model = keras.Model([inputs, mask], branch(inputs, mask, units=8, filters=(8, 8))[0])
    frames = np.random.default_rng(0).normal(size=(1, 9, 8, 8, 1))
    before = model([frames, np.ones((1, 9), bool)]).numpy()
    frames[:, 4] *= -3
    after = model([frames, np.ones((1, 9), bool)]).numpy()
    (changed,) = np.nonzero(np.abs(after - before).max(axis=(0, 2)) > 1e-6)
    assert (changed.min(), changed.max()) == (2, 6)


def test_factors_have_fewer_weights():
    inputs, mask = keras.Input((9, 8, 8, 4), name="x"), keras.Input((9,), dtype="bool")
    whole, factors = (
        keras.Model([inputs, mask], branch(inputs, mask)[0]) for branch in (conv3d, conv2plus1d)
    )
    assert factors.count_params() < whole.count_params()

"""Frames read together by convolutions over steps and picture at once."""

import keras
import numpy as np
import pytest

from mmfusion.branches.conv3d import MaskedConv3D, conv2plus1d, conv3d


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


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        ([False, False, False], [0, 0, 0]),
        ([True, False, False], [1.5, 0, 0]),
        ([True, True, True], [3.5, 7.5, 6.5]),
        ([True, False, True], [1.5, 0, 4.5]),
    ],
)
def test_sums_the_frames_in_the_window(mask, expected):
    layer = MaskedConv3D(1, (3, 1, 1))
    layer.build((None, None, 2, 2, 1))
    layer.conv.set_weights([np.ones((3, 1, 1, 1, 1)), np.array([0.5])])
    frames = np.array([1.0, 2.0, 4.0])[None, :, None, None, None] * np.ones((1, 3, 2, 2, 1))
    frames[0, ~np.array(mask)] = np.nan
    outputs = layer(frames, np.array([mask]))
    np.testing.assert_allclose(outputs[0, :, 0, 0, 0], expected)


def test_stride_is_of_the_picture_only():
    frames, mask = np.ones((1, 3, 8, 8, 1)), np.ones((1, 3), bool)
    assert MaskedConv3D(2, (3, 3, 3), stride=4)(frames, mask).shape == (1, 3, 2, 2, 2)

"""Pictures read by where around somebody they change."""

import keras
import numpy as np

from mmfusion.branches.motion_maps import motion_maps


def test_what_does_not_move_is_not_read():
    inputs, mask = keras.Input((3, 6, 8, 2), name="depth"), keras.Input((3,), dtype="bool")
    model = keras.Model([inputs, mask], motion_maps(inputs, mask, units=4, grid=(3, 4))[0])
    pictures = np.random.default_rng(0).normal(size=(2, 3, 6, 8, 2)).astype("float32")
    painted = pictures.copy()
    painted[..., 0] += 1
    here = np.ones((2, 3), bool)
    np.testing.assert_array_equal(model([painted, here]), model([pictures, here]))
    painted[..., 1] *= -1
    assert np.abs(model([painted, here]) - model([pictures, here])).max() > 1e-3

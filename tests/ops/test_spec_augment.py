import importlib

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.ops.spec_augment import spec_augment

module = importlib.import_module("mmfusion.ops.spec_augment")


@pytest.fixture(params=["tensorflow-io", "fallback"])
def backend(request, monkeypatch):
    if request.param == "fallback":
        monkeypatch.setattr(module, "tfio", None)
    elif module.tfio is None:
        pytest.skip("tensorflow-io is not installed or does not load here")


def stretches(flags):
    """Number of separate runs of True."""
    return int((np.diff(np.concatenate([[0], flags.astype(int)])) == 1).sum())


@pytest.mark.usefixtures("backend")
def test_masks_are_one_band_and_one_stretch_within_bounds():
    after = spec_augment(
        tf.ones((32, 40, 20)), bins=6, frames=9, seed=tf.constant([0, 0], tf.int64)
    )
    bands, times = (after.numpy() == 0).all(axis=1), (after.numpy() == 0).all(axis=2)
    assert bands.sum(axis=1).max() < 6
    assert times.sum(axis=1).max() < 9
    assert bands.any()
    assert times.any()
    assert max(map(stretches, [*bands, *times])) == 1
    crossed = bands[:, None, :] | times[:, :, None]
    np.testing.assert_array_equal(after.numpy() == 0, crossed)


@pytest.mark.usefixtures("backend")
def test_zero_masks_nothing():
    before = tf.random.stateless_uniform((2, 5, 4), (0, 0), 1, 2)
    after = spec_augment(before, bins=0, frames=0, seed=tf.constant([0, 0], tf.int64))
    np.testing.assert_array_equal(after, before)

"""Convolutions over time and frequency of a spectrogram."""

import numpy as np
import pytest

from mmfusion.layers.mel_cnn import MelCNN

STEPS, FRAMES, BINS = 3, 4, 16
HERE = np.ones((1, STEPS), bool)


def sound(clips=1):
    return np.random.default_rng(0).normal(size=(clips, STEPS, FRAMES, BINS)).astype("float32")


def layer(**options):
    return MelCNN(5, filters=(2, 3, 4, 4), **options)


def test_four_filters_are_asked_for():
    with pytest.raises(ValueError, match="`filters` must be 4"):
        MelCNN(5, filters=(2, 3))


def test_every_step_is_told_of_the_whole_clip():
    cnn, other = layer(), sound()
    other[0, 0] *= 5
    assert (np.abs(cnn(other, HERE) - cnn(sound(), HERE)).max(axis=-1) > 1e-4).all()


def test_an_absent_step_is_never_read():
    mask = np.array([[True, False, True]])
    cnn, torn = layer(), sound()
    torn[0, 1] = np.nan
    found = cnn(torn, mask).numpy()
    np.testing.assert_array_equal(found, cnn(sound(), mask))
    assert not found[0, 1].any()


def test_batches_are_normalised_over_what_is_present_alone():
    cnn, mask = layer(dropout=0.0), np.ones((4, STEPS), bool)
    mask[2:] = False
    half = cnn(sound(4), mask, training=True)[:2]
    moments = [(norm.moving_mean.numpy(), norm.moving_variance.numpy()) for norm in cnn.norms]
    again = layer(dropout=0.0)
    again.build(sound().shape)
    again.set_weights(cnn.get_weights())
    for norm in again.norms:
        norm.moving_mean.assign(0 * norm.moving_mean)
        norm.moving_variance.assign(0 * norm.moving_variance + 1)
    alone = again(sound(4)[:2], mask[:2], training=True)
    np.testing.assert_allclose(half, alone, atol=1e-5)
    for norm, (mean, variance) in zip(again.norms, moments, strict=True):
        np.testing.assert_allclose(norm.moving_mean, mean, atol=1e-6)
        np.testing.assert_allclose(norm.moving_variance, variance, atol=1e-6)


def test_steps_of_any_number_of_frames():
    for frames in (1, 2, 5):
        shape = (2, STEPS, frames, BINS)
        assert layer()(np.ones(shape, "float32"), np.ones((2, STEPS), bool)).shape == (2, STEPS, 5)

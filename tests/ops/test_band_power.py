import numpy as np
import pytest
import tensorflow as tf

from mmfusion.ops.band_power import band_power


def frame(samples):
    return tf.reshape(samples, (-1, 6))


@pytest.mark.parametrize(
    ("clips", "compiled"), [(0, True), (1, True), (1, False), (3, True), (3, False)]
)
def test_equals_numpy(clips, compiled):
    rng = np.random.default_rng(0)
    sounds = rng.normal(size=(clips, 18)).astype("float32")
    bands = rng.uniform(size=(5, 2)).astype("float32")
    window = rng.uniform(size=6).astype("float32")

    def power(sounds):
        return band_power(sounds, frame, bands, window=window, length=8)

    spec = tf.TensorSpec((None, 18))
    found = (tf.function(power, input_signature=[spec]) if compiled else power)(sounds)
    theirs = np.abs(np.fft.rfft(sounds.reshape(clips, 3, 6) * window, 8)) ** 2 @ bands
    assert found.shape == (clips, 3, 2)
    np.testing.assert_allclose(found, theirs, rtol=1e-4)


def test_a_gradient_reaches_the_sound():
    sounds = tf.constant(np.random.default_rng(0).normal(size=(2, 6)).astype("float32"))
    with tf.GradientTape() as tape:
        tape.watch(sounds)
        energy = band_power(sounds, frame, tf.ones((4, 1)), window=tf.ones(6), length=6)
    # by hand: d/dx of sum_k |X_k|^2 over the lines of a half spectrum
    lines = np.exp(-2j * np.pi * np.outer(np.arange(4), np.arange(6)) / 6)
    theirs = 2 * (lines.conj().T @ (lines @ sounds.numpy().T)).real.T
    np.testing.assert_allclose(tape.gradient(energy, sounds), theirs, rtol=1e-4, atol=1e-4)

import importlib

import keras
import numpy as np
import pytest
import soxr
import tensorflow as tf

from mmfusion.preprocessing.resampling import resample

module = importlib.import_module("mmfusion.preprocessing.resampling")
RATES = [(44100, 16000), (48000, 16000), (16000, 8000), (8000, 16000), (22050, 16000), (999, 1000)]


@pytest.fixture(params=["tensorflow-io", "PyAV"])
def _way(request, monkeypatch):
    if request.param == "PyAV":
        monkeypatch.setattr(module, "tfio", None)
    elif module.tfio is None:
        pytest.skip("tensorflow-io is not installed or does not load here")


def sounds(rate_hz, heard_hz):
    """Two rising tones, up to 3/20 and 6/20 of a rate, that start and end in silence."""
    times_s = np.arange(rate_hz) / rate_hz
    tones = np.sin(2 * np.pi * heard_hz / 20 * np.array([[1], [2]]) * (1 + times_s) * times_s)
    return (tones * np.sin(np.pi * times_s) ** 2 * [[0.5], [0.1]]).astype("float32")


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize("rates", RATES)
def test_agrees_with_soxr_at_every_moment(rates):
    given = sounds(rates[0], min(rates))
    theirs = np.stack([soxr.resample(sound, *rates) for sound in given])
    found = resample(given, *rates)
    assert found.dtype == tf.float32
    np.testing.assert_allclose(found, theirs, atol=5e-4)


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize(
    ("shape", "rates", "wanted"),
    [
        ((0, 441), (44100, 16000), (0, 160)),
        ((2, 0), (44100, 16000), (2, 0)),
        ((1, 1), (16000, 8000), (1, 1)),
        ((1, 3), (44100, 44100), (1, 3)),
    ],
)
def test_any_shape(shape, rates, wanted):
    graph = tf.function(resample)
    assert graph(tf.ones(shape), *rates).shape == resample(tf.ones(shape), *rates).shape == wanted


@pytest.mark.usefixtures("_way")
def test_the_rate_may_come_with_the_sound():
    rates_hz = tf.constant([8000, 16000, 48000])
    data = tf.data.Dataset.from_tensor_slices(rates_hz)
    found = data.map(lambda rate_hz: resample(tf.ones((1, rate_hz // 10)), rate_hz, 16000))
    for sound in found:
        assert sound.shape == (1, 1600)
        np.testing.assert_allclose(sound[:, 400:-400], 1, atol=1e-3)


@pytest.mark.skipif(module.tfio is None, reason="only tensorflow-io's can be exported")
def test_in_an_export(tmp_path):
    class Slower(keras.layers.Layer):
        def call(self, inputs):
            return resample(inputs, 16000, 8000)

        def compute_output_shape(self, input_shape):
            return (input_shape[0], None)

    samples = keras.Input((None,), name="samples")
    keras.Model(samples, Slower()(samples)).export(tmp_path / "saved", verbose=False)
    served, given = tf.saved_model.load(tmp_path / "saved"), sounds(16000, 8000)
    np.testing.assert_allclose(served.serve(given), resample(given, 16000, 8000), atol=1e-6)


@pytest.mark.parametrize("rates", [(0, 16000), (16000, 0), (-1, 16000)])
def test_rates_out_of_range(rates):
    with pytest.raises(ValueError, match="`rate_hz` and `wanted_hz` must be at least 1"):
        resample(np.ones((1, 10), "float32"), *rates)

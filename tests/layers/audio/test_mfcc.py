import keras
import librosa
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.layers.audio.mfcc import MFCC, slaney_bands

RATE_HZ = 16_000


@pytest.fixture(scope="module")
def sound():
    """Two rising tones in noise, one of them soft from the middle on."""
    times_s = np.arange(RATE_HZ) / RATE_HZ
    tones = np.sin(2 * np.pi * np.array([[200], [300]]) * (1 + times_s) * times_s)
    noise = np.random.default_rng(0).normal(0, 0.05, (2, RATE_HZ))
    sound = (0.3 * tones + noise).astype("float32")
    sound[1, 8000:] *= 1e-3
    return sound


@pytest.mark.parametrize(
    ("rate_hz", "coefficients", "bands", "window", "hop"),
    [
        (16_000, 20, 40, 512, 160),
        (16_000, 13, 128, 2048, 512),
        (8_000, 40, 40, 256, 80),
        (8_000, 20, 40, 256, 300),
    ],
)
def test_equals_librosa(sound, rate_hz, coefficients, bands, window, hop):
    layer = MFCC(
        rate_hz,
        coefficients=coefficients,
        bands=bands,
        window_s=window / rate_hz,
        hop_s=hop / rate_hz,
    )
    mel = librosa.feature.melspectrogram(
        y=sound, sr=rate_hz, n_fft=window, hop_length=hop, n_mels=bands
    )
    level_db = librosa.power_to_db(mel, top_db=None)
    theirs = librosa.feature.mfcc(S=level_db, n_mfcc=coefficients).transpose(0, 2, 1)
    np.testing.assert_allclose(layer(sound), theirs, atol=1e-3)


@pytest.mark.parametrize(("bins", "window", "rate_hz"), [(1, 4, 1_000), (40, 512, 16_000)])
def test_bands_equal_librosa(bins, window, rate_hz):
    theirs = librosa.filters.mel(sr=rate_hz, n_fft=window, n_mels=bins).T
    np.testing.assert_allclose(slaney_bands(bins, window // 2 + 1, rate_hz), theirs, atol=1e-7)


@pytest.mark.parametrize("clips", [0, 1])
def test_any_number_of_clips(sound, clips):
    found = MFCC(RATE_HZ)(sound[:clips])
    assert found.shape == (clips, 101, 20)
    np.testing.assert_allclose(found, MFCC(RATE_HZ)(sound)[:clips], atol=1e-4)


@pytest.mark.parametrize("size", [0, 1, 159, 160, 1000])
def test_any_length(size):
    found = MFCC(RATE_HZ)(np.zeros((2, size), "float32"))
    assert found.shape == (2, size // 160 + 1, 20)
    np.testing.assert_allclose(found[..., 0], -100 * np.sqrt(40), rtol=1e-5)
    np.testing.assert_allclose(found[..., 1:], 0, atol=1e-3)


def test_in_a_model_and_its_export(sound, tmp_path):
    samples = keras.Input((None,), name="samples")
    model = keras.Model(samples, MFCC(RATE_HZ)(samples))
    assert model.output_shape == (None, None, 20)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again(sound), model(sound))
    model.export(tmp_path / "saved", verbose=False)
    served = tf.saved_model.load(tmp_path / "saved")
    np.testing.assert_allclose(served.serve(sound), model(sound), atol=1e-3)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"coefficients": 0}, "`coefficients` must be at least 1"),
        ({"coefficients": 41}, "`coefficients` must be at least 1"),
        ({"hop_s": 0}, "`hop_s` at least one"),
        ({"window_s": 1e-5}, "`window_s` must be at least two samples"),
    ],
)
def test_settings_out_of_range(settings, told):
    with pytest.raises(ValueError, match=told):
        MFCC(RATE_HZ, **settings)

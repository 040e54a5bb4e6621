import librosa
import numpy as np
import pytest

from mmfusion.features.mfcc import extract_mfcc

SOUND = np.random.default_rng(0).normal(0, 0.1, 16_000).cumsum().astype("float32") / 20


def test_equals_librosa():
    settings = {"sr": 16_000, "n_fft": 512, "hop_length": 160, "n_mels": 40}
    mel_db = librosa.power_to_db(librosa.feature.melspectrogram(y=SOUND, **settings), top_db=None)
    mfcc = librosa.feature.mfcc(S=mel_db, n_mfcc=13)
    changes = [librosa.feature.delta(mfcc, order=order, mode="nearest") for order in (1, 2)]
    expected = np.concatenate([mfcc, *changes]).T
    np.testing.assert_allclose(extract_mfcc(SOUND, 16_000, coefficients=13), expected, atol=1e-2)


def test_a_steady_tone_does_not_change():
    tone = np.sin(2 * np.pi * 400 * np.arange(16_000) / 16_000)
    np.testing.assert_allclose(extract_mfcc(tone, 16_000)[20:-20, 20:], 0, atol=0.1)


def test_twice_as_loud_moves_the_first_coefficient_only():
    soft, loud = extract_mfcc(SOUND, 16_000), extract_mfcc(2 * SOUND, 16_000)
    np.testing.assert_allclose((loud - soft)[:, 0], 20 * np.log10(2) * np.sqrt(40), rtol=1e-3)
    np.testing.assert_allclose(loud[:, 1:], soft[:, 1:], atol=1e-2)


@pytest.mark.parametrize("settings", [{"coefficients": 0}, {"coefficients": 41}, {"bands": 0}])
def test_bad_settings(settings):
    with pytest.raises(ValueError, match="`coefficients` must be at least 1"):
        extract_mfcc(SOUND, 16_000, **settings)

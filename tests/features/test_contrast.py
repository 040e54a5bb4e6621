import librosa
import numpy as np
import pytest

from mmfusion.features.contrast import extract_contrast

RATE_HZ = 16_000


def test_as_librosa_tells_it():
    rng = np.random.default_rng(0)
    times_s = np.arange(RATE_HZ) / RATE_HZ
    sound = 0.3 * np.sin(2 * np.pi * 500 * times_s) + rng.normal(0, 0.05, RATE_HZ)
    theirs = librosa.feature.spectral_contrast(
        y=sound, sr=RATE_HZ, n_fft=1024, hop_length=160, fmin=200.0, n_bands=6
    ).T
    ours = extract_contrast(sound, RATE_HZ)
    assert ours.shape == (101, 6)
    decibels = 2 * theirs[5:-5, :5].mean(axis=0)  # they take magnitudes for power
    np.testing.assert_allclose(ours[5:-5, :5].mean(axis=0), decibels, atol=0.5)


def test_a_tone_stands_out_in_its_octave():
    tone = np.sin(2 * np.pi * 1000 * np.arange(RATE_HZ) / RATE_HZ)
    noise = np.random.default_rng(0).normal(0, 0.01, RATE_HZ)
    found = extract_contrast(tone + noise, RATE_HZ)[50]
    assert found.argmax() == 3  # 800 to 1600 Hz, after 0, 200 and 400 Hz
    assert found[3] > found[[0, 1, 5]].max() + 20


@pytest.mark.parametrize(("lowest_hz", "octaves"), [(0.0, 6), (200.0, 0), (200.0, 8)])
def test_bands_out_of_range(lowest_hz, octaves):
    with pytest.raises(ValueError, match="`lowest_hz` must be positive"):
        extract_contrast(np.zeros(100), RATE_HZ, lowest_hz=lowest_hz, octaves=octaves)

import librosa
import numpy as np
import pytest

from mmfusion.preprocessing.filters import (
    band_pass,
    de_emphasise,
    high_pass,
    low_pass,
    pre_emphasise,
)

RATE_HZ = 16_000


def tone(hz):
    return np.sin(2 * np.pi * hz * np.arange(RATE_HZ) / RATE_HZ)


def gain_db(filtered, sound):
    inside = np.s_[2000:-2000]
    return 10 * np.log10(np.mean(filtered[inside] ** 2) / np.mean(sound[inside] ** 2))


def butterworth_db(ratio, order=4):
    """Twice the textbook response `1 / (1 + ratio ** 2n)`, for forth and back."""
    return -20 * np.log10(1 + ratio ** (2 * order))


@pytest.mark.parametrize("hz", [250, 900, 1000, 1100, 1500])
def test_response_equals_the_textbook(hz):
    sound = tone(hz)
    warped = np.tan(np.pi * hz / RATE_HZ) / np.tan(np.pi * 1000 / RATE_HZ)  # bilinear transform
    low, high = low_pass(sound, RATE_HZ, 1000), high_pass(sound, RATE_HZ, 1000)
    np.testing.assert_allclose(gain_db(low, sound), butterworth_db(warped), atol=0.05)
    np.testing.assert_allclose(gain_db(high, sound), butterworth_db(1 / warped), atol=0.05)


def test_a_band_keeps_the_middle_without_delay():
    sound = tone(1000)
    np.testing.assert_allclose(
        band_pass(sound + tone(50) + tone(6000), RATE_HZ, (500, 2000))[2000:-2000],
        sound[2000:-2000],
        atol=0.02,
    )


def test_pre_emphasis_equals_librosa_and_comes_back():
    sound = np.random.default_rng(0).normal(size=500)
    emphasised = pre_emphasise(sound)
    np.testing.assert_allclose(emphasised, librosa.effects.preemphasis(sound, zi=[0.0]), atol=1e-6)
    np.testing.assert_allclose(de_emphasise(emphasised), sound, atol=1e-5)


@pytest.mark.parametrize(
    ("function", "cut_hz"),
    [
        (low_pass, 0),
        (low_pass, 8000),
        (low_pass, np.nan),
        (low_pass, (100, 200)),
        (high_pass, -5),
        (band_pass, 100),
        (band_pass, (200, 100)),
        (band_pass, (100, 100)),
        (band_pass, (100, 9000)),
    ],
)
def test_bad_cut_offs(function, cut_hz):
    with pytest.raises(ValueError, match="Cut-offs must rise"):
        function(np.zeros(9), RATE_HZ, cut_hz)


def test_bad_settings():
    with pytest.raises(ValueError, match="`order` must be at least 1"):
        low_pass(np.zeros(9), RATE_HZ, 100, order=0)
    for coefficient in (-0.1, 1, np.nan):
        with pytest.raises(ValueError, match="`coefficient` must be"):
            pre_emphasise(np.zeros(9), coefficient=coefficient)

import numpy as np
import pytest

from mmfusion.preprocessing.audio_denoising import denoise_gate, denoise_wiener

RATE_HZ = 16_000
BOTH = pytest.mark.parametrize("denoise", [denoise_gate, denoise_wiener])


@pytest.fixture(scope="module")
def clean():
    """A second and a half of gliding vowels with pauses."""
    times_s = np.arange(RATE_HZ * 3 // 2) / RATE_HZ
    phase = 2 * np.pi * (150 * times_s + 40 * times_s**2)
    voice = sum(np.sin(k * phase) / k for k in range(1, 12))
    return 0.1 * voice * (np.sin(2 * np.pi * 2 * times_s) > 0)


@pytest.fixture(scope="module")
def noise(clean):
    return np.random.default_rng(0).normal(0, 0.03, clean.shape)


def snr_db(clean, other):
    return 10 * np.log10(np.sum(clean**2) / np.sum((other - clean) ** 2))


@BOTH
@pytest.mark.parametrize("known", [True, False])
def test_noise_goes(denoise, known, clean, noise):
    other = np.random.default_rng(1).normal(0, 0.03, RATE_HZ)
    cleaned = denoise(clean + noise, RATE_HZ, noise=other if known else None)
    assert snr_db(clean, cleaned) > snr_db(clean, clean + noise) + 4


@BOTH
def test_what_has_no_noise_stays(denoise, clean):
    assert snr_db(clean, denoise(clean, RATE_HZ)) > 20


@BOTH
def test_pure_noise_falls_by_the_reduction(denoise, noise):
    cleaned = denoise(noise, RATE_HZ, reduction_db=12.0)
    fallen_db = -10 * np.log10(np.mean(cleaned**2) / np.mean(noise**2))
    assert 8 < fallen_db <= 12


@BOTH
def test_no_reduction_gives_the_sound_back(denoise, clean, noise):
    sound = clean + noise
    np.testing.assert_allclose(denoise(sound, RATE_HZ, reduction_db=0.0), sound, atol=1e-6)


@BOTH
def test_bad_settings(denoise, clean):
    with pytest.raises(ValueError, match="`reduction_db` must be at least 0"):
        denoise(clean, RATE_HZ, reduction_db=-1)
    with pytest.raises(ValueError, match="`samples` must be float"):
        denoise(clean, RATE_HZ, noise=np.zeros((3, 3)))

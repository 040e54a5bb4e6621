import librosa
import numpy as np
import pytest

from mmfusion.features.mfcc import extract_mfcc
from mmfusion.features.pitch import extract_chroma, extract_pitch
from mmfusion.features.spectrum import extract_spectrum, frame_moments, power_spectrum

RATE_HZ = 16_000
EXTRACTORS = {
    "chroma": (extract_chroma, 12),
    "mfcc": (extract_mfcc, 60),
    "pitch": (extract_pitch, 2),
    "spectrum": (extract_spectrum, 6),
}
ALL = pytest.mark.parametrize(("extract", "width"), EXTRACTORS.values(), ids=EXTRACTORS)


@pytest.fixture(scope="module")
def sound():
    """Noise that fades over a rising tone."""
    times_s = np.arange(RATE_HZ) / RATE_HZ
    noise = np.random.default_rng(0).normal(0, 0.1, RATE_HZ) * np.exp(-3 * times_s)
    return (noise + 0.2 * np.sin(2 * np.pi * (200 + 300 * times_s) * times_s)).astype("float32")


@ALL
@pytest.mark.parametrize(("size", "steps"), [(0, 0), (1, 1), (159, 1), (160, 2), (16_000, 101)])
def test_shapes_of_any_length(extract, width, size, steps):
    for samples in (np.zeros(size, "float32"), np.random.default_rng(0).uniform(-1, 1, size)):
        found = extract(samples, RATE_HZ)
        assert found.shape == (steps, width)
        assert found.dtype == np.float32
        assert np.isfinite(found).all()


@ALL
def test_silence_is_neutral(extract, width):
    expected = np.zeros((51, width))
    expected[:, 0] = -100 * np.sqrt(40) if extract is extract_mfcc else 0
    np.testing.assert_allclose(extract(np.zeros(8_000), RATE_HZ), expected, atol=1e-4)


@ALL
@pytest.mark.parametrize(
    "samples",
    [np.zeros(9, "int16"), np.zeros((9, 2)), [0.0], np.array([0.0, np.nan]), np.array([np.inf])],
)
def test_what_is_no_sound_is_refused(extract, width, samples):
    with pytest.raises(ValueError, match="`samples` must be finite float"):
        extract(samples, RATE_HZ)


@ALL
@pytest.mark.parametrize("hop_s", [0, 1e-9])
def test_hops_under_a_sample_are_refused(extract, width, hop_s):
    with pytest.raises(ValueError, match="`window_s` must be at least two samples and `hop_s`"):
        extract(np.zeros(9), RATE_HZ, hop_s=hop_s)


def test_power_equals_librosa(sound):
    ours = power_spectrum(frame_moments(sound, RATE_HZ, window_s=0.032, hop_s=0.010))
    theirs = np.abs(librosa.stft(sound, n_fft=512, hop_length=160)).T ** 2
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-5)


def test_shape_of_the_spectrum_equals_librosa(sound):
    settings = {"y": sound, "n_fft": 512, "hop_length": 160}
    theirs = [
        librosa.feature.spectral_centroid(sr=RATE_HZ, **settings),
        librosa.feature.spectral_bandwidth(sr=RATE_HZ, **settings),
        librosa.feature.spectral_rolloff(sr=RATE_HZ, **settings),
        librosa.feature.spectral_flatness(**settings),
        librosa.feature.zero_crossing_rate(sound, frame_length=512, hop_length=160),
        librosa.feature.rms(y=sound, frame_length=512, hop_length=160),
    ]
    inside = np.s_[2:-2]  # librosa repeats the border for crossings
    np.testing.assert_allclose(
        extract_spectrum(sound, RATE_HZ)[inside], np.concatenate(theirs).T[inside], rtol=2e-3
    )


@pytest.mark.parametrize("hz", [250, 1000, 4000])
def test_a_tone_by_hand(hz):
    tone = 0.5 * np.sin(2 * np.pi * hz * np.arange(RATE_HZ) / RATE_HZ + 0.1)
    centroid, bandwidth, edge, flatness, crossings, level = extract_spectrum(tone, RATE_HZ)[50]
    np.testing.assert_allclose([centroid, edge], hz, atol=32)
    assert bandwidth < 60
    assert flatness < 1e-3
    np.testing.assert_allclose(crossings, 2 * hz / RATE_HZ, atol=0.005)
    np.testing.assert_allclose(level, 0.5 / np.sqrt(2), rtol=0.01)

import librosa
import numpy as np
import pytest

from mmfusion.features.pitch import extract_chroma, extract_pitch

RATE_HZ = 16_000
TIMES_S = np.arange(RATE_HZ) / RATE_HZ


def voice(hz):
    return 0.1 * sum(np.sin(2 * np.pi * k * hz * TIMES_S) / k for k in range(1, 9))


def test_chroma_equals_librosa():
    chord = voice(261.63) + voice(392.0)
    theirs = librosa.feature.chroma_stft(
        y=chord, sr=RATE_HZ, n_fft=2048, hop_length=160, tuning=0.0
    )
    np.testing.assert_allclose(extract_chroma(chord, RATE_HZ), theirs.T, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("octave", [0.5, 1, 2, 4])
@pytest.mark.parametrize(("note", "hz"), [(0, 261.63), (4, 329.63), (9, 440.0)])
def test_notes_of_any_octave(note, hz, octave):
    tone = np.sin(2 * np.pi * hz * octave * TIMES_S)
    assert (extract_chroma(tone, RATE_HZ)[10:-10].argmax(axis=1) == note).all()


@pytest.mark.parametrize("hz", [80, 120, 220, 400])
def test_the_fundamental_of_a_voice(hz):
    found = extract_pitch(voice(hz), RATE_HZ)[10:-10]
    np.testing.assert_allclose(found[:, 0], hz, rtol=0.01)
    assert (found[:, 1] > 0.9).all()


def test_noise_and_silence_have_no_pitch():
    noise = np.random.default_rng(0).normal(0, 0.1, RATE_HZ)
    sound = np.concatenate([np.zeros(RATE_HZ), noise])
    found = extract_pitch(sound, RATE_HZ)
    np.testing.assert_array_equal(found[:95], 0)
    assert (found[105:, 0] > 0).mean() < 0.05


@pytest.mark.parametrize(
    "settings", [{"lowest_hz": 0}, {"lowest_hz": 600}, {"highest_hz": 4_000}, {"lowest_hz": np.nan}]
)
def test_bad_settings(settings):
    with pytest.raises(ValueError, match="`lowest_hz` and `highest_hz` must rise"):
        extract_pitch(TIMES_S, RATE_HZ, **settings)

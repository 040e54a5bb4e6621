import librosa
import numpy as np
import pytest

from mmfusion.layers.audio.log_mel import LogMel


def reference(samples, rate_hz, bins, starts):
    """librosa, given frames that start at these samples and the same constants."""
    window = round(0.025 * rate_hz)
    length = 2 ** (window - 1).bit_length()
    padded = np.pad(samples, (0, length))
    frames = np.stack([padded[at : at + window] for at in starts])
    frames = frames * librosa.filters.get_window("hann", window)
    power = np.abs(np.fft.rfft(frames, length)) ** 2
    mel = librosa.filters.mel(
        sr=rate_hz, n_fft=length, n_mels=bins, fmin=20.0, fmax=rate_hz / 2, htk=True, norm=None
    )
    level = np.log(power @ mel.T + 1e-6) / 4
    return level - level.mean(axis=0)


@pytest.mark.parametrize(
    ("rate_hz", "steps", "size", "frames", "starts"),
    [
        (16000, 4, 1600, 10, range(0, 6400, 160)),
        (8000, 1, 800, 8, range(0, 800, 100)),
        (8000, 2, 1000, 3, [0, 333, 666, 1000, 1333, 1666]),
    ],
)
def test_equals_librosa(rate_hz, steps, size, frames, starts):
    rng = np.random.default_rng(0)
    samples = rng.uniform(-0.5, 0.5, steps * size).astype("float32")
    layer = LogMel(rate_hz, bins=40, frames=frames)
    ours = layer(samples.reshape(1, steps, size), np.ones((1, steps), bool))
    theirs = reference(samples, rate_hz, 40, starts)
    np.testing.assert_allclose(np.reshape(ours, (-1, 40)), theirs, atol=1e-3)


def test_no_clip():
    found = LogMel(8000, bins=8, frames=2)(np.zeros((0, 3, 80), "float32"), np.ones((0, 3), bool))
    assert found.shape == (0, 3, 2, 8)


def test_silence_is_zero():
    silence = np.zeros((1, 2, 160), "float32")
    level = LogMel(16000, bins=8, frames=1)(silence, np.ones((1, 2), bool))
    np.testing.assert_allclose(level, 0, atol=1e-6)


def test_loudness_of_a_recording_is_taken_away():
    samples = np.random.default_rng(0).uniform(-0.5, 0.5, (1, 4, 320)).astype("float32")
    layer, mask = LogMel(16000, bins=8, frames=2), np.ones((1, 4), bool)
    np.testing.assert_allclose(layer(samples, mask), layer(0.1 * samples, mask), atol=2e-3)


def test_absent_steps_are_zero_and_never_read():
    samples = np.full((1, 3, 320), 0.1, "float32")
    mask = np.array([[True, False, True]])
    layer = LogMel(16000, bins=8, frames=2)
    before = layer(samples, mask).numpy()
    samples[:, 1] = np.nan
    after = layer(samples, mask).numpy()
    np.testing.assert_array_equal(before, after)
    assert (after[:, 1] == 0).all()
    assert (after[:, 0] != 0).all()

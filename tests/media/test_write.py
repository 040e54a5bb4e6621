import wave

import numpy as np
import pytest

from mmfusion.media.audio import read_audio
from mmfusion.media.probe import AudioInfo, probe
from mmfusion.media.video import read_video
from mmfusion.media.write import write_audio, write_video


@pytest.mark.parametrize(
    "shape", [(1, 1, 1), (1, 2, 2), (3, 47, 63), (3, 48, 63), (10, 96, 96), (2, 64, 48)]
)
def test_pictures_come_back(tmp_path, shape):
    count = shape[0]
    rng = np.random.default_rng(0)
    colours = rng.integers(30, 220, (count, 1, 1, 3), np.uint8)
    frames = np.broadcast_to(colours, (*shape, 3))
    write_video(tmp_path / "a.mp4", frames, fps=25)
    found = read_video(tmp_path / "a.mp4")
    assert found.frames.shape == (*shape, 3)
    np.testing.assert_allclose(found.times_s, np.arange(count) / 25)
    np.testing.assert_allclose(found.frames.mean((1, 2)), colours[:, 0, 0], atol=8)
    assert probe(tmp_path / "a.mp4").video.fps == pytest.approx(25)


@pytest.mark.parametrize("fps", [0.5, 12.5, 29.97, 60])
def test_rates(tmp_path, fps):
    write_video(tmp_path / "a.mp4", np.zeros((6, 16, 16, 3), np.uint8), fps=fps)
    np.testing.assert_allclose(
        read_video(tmp_path / "a.mp4").times_s, np.arange(6) / fps, rtol=1e-3
    )


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100])
def test_sound_comes_back_in_its_place(tmp_path, tone, rate_hz):
    samples = tone(1.0, rate_hz=rate_hz)
    frames = np.zeros((25, 16, 16, 3), np.uint8)
    write_video(tmp_path / "a.mp4", frames, fps=25, samples=samples, sample_rate_hz=rate_hz)
    end_s = pytest.approx(1.0, abs=0.15)
    assert probe(tmp_path / "a.mp4").audio == AudioInfo(rate_hz, 1, "aac", end_s)
    found = read_audio(tmp_path / "a.mp4", window_s=(0.0, 1.0)).samples
    middle = slice(rate_hz // 4, rate_hz // 2)
    np.testing.assert_allclose(found[middle], samples[middle], atol=0.05)


def test_same_input_same_bytes(tmp_path, tone):
    frames = np.random.default_rng(0).integers(0, 255, (20, 32, 32, 3), np.uint8)
    for name in ("a.mp4", "b.mp4"):
        write_video(tmp_path / name, frames, fps=10, samples=tone(2.0))
        write_audio(tmp_path / f"{name}.wav", tone(0.1), 16_000)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    assert (tmp_path / "a.mp4.wav").read_bytes() == (tmp_path / "b.mp4.wav").read_bytes()


@pytest.mark.parametrize(
    "frames",
    [
        np.zeros((0, 8, 8, 3), np.uint8),
        np.zeros((8, 8, 3), np.uint8),
        np.zeros((1, 8, 8, 4), np.uint8),
        np.zeros((1, 8, 8, 3), np.float32),
    ],
)
def test_wrong_frames(tmp_path, frames):
    with pytest.raises(ValueError, match="`frames` must be uint8 of shape"):
        write_video(tmp_path / "a.mp4", frames, fps=25)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match="aac"):
        write_video(
            tmp_path / "a.mp4",
            np.zeros((2, 8, 8, 3), np.uint8),
            fps=25,
            samples=np.zeros(100),
            sample_rate_hz=12_345,
        )
    assert list(tmp_path.iterdir()) == []


def test_write_audio_clips(tmp_path):
    write_audio(tmp_path / "a.wav", np.array([0.0, 1.0, -1.0, 2.0, 0.5]), 8_000)
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getframerate(), file.getnchannels()) == (8_000, 1)
        values = np.frombuffer(file.readframes(5), "<i2").tolist()
    assert values == [0, 32_767, -32_767, 32_767, 16_384]

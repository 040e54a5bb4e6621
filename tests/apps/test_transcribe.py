import json

import numpy as np
import pytest

import mmfusion as mm
from mmfusion.apps import transcribe
from mmfusion.media.write import write_audio, write_video
from tests.transcription.fakes import (
    FOLDER,
    RAVDESS,
    one_segment,
    unsure,
    with_speech,
    with_weights,
)


@pytest.fixture
def recogniser(monkeypatch, tmp_path):
    def use(function):
        monkeypatch.setattr(transcribe, "transcribe_file", function)
        monkeypatch.setattr(transcribe, "weights_path", lambda name: tmp_path)

    return use


@pytest.fixture
def films(tmp_path):
    write_audio(tmp_path / "a.wav", np.zeros(16_000), 16_000)
    frames = np.zeros((4, 16, 16, 3), np.uint8)
    write_video(tmp_path / "b.mp4", frames, fps=4, samples=np.zeros(16_000))
    (tmp_path / "broken.mp4").write_bytes(b"nothing" * 99)
    return tmp_path


def test_captions_of_each_file_whatever_is_broken(command, films, recogniser):
    recogniser(one_segment)
    inputs = [films / name for name in ("a.wav", "broken.mp4", "b.mp4", "missing.mp4")]
    done = command("transcribe", *inputs, "--out", films / "out", "--workers", 1, "--json")
    found = json.loads(done.out)
    assert done.code == 3
    assert [row["kind"] for row in found["quarantined"]] == ["not_media", "missing"]
    assert [row["path"] for row in found["files"]] == [str(inputs[0]), str(inputs[2])]
    assert found["n"] == 2
    assert found["files"][0] == {
        "path": str(inputs[0]),
        "captions": [str(films / "out" / f"a{suffix}") for suffix in transcribe.SUFFIXES],
        "seconds": 1.0,
        "segments": 1,
        "words": 2,
        "left_out": 0,
        "log_probability": -0.1,
        "low_confidence": False,
    }
    names = {path.name for path in (films / "out").iterdir()}
    assert names == {f"{name}{suffix}" for name in "ab" for suffix in transcribe.SUFFIXES}
    for path in (films / "out").iterdir():
        words, problems = mm.media.read_captions(path)
        assert ([word.text for word in words], problems) == (["help", "us"], [])
    about = json.loads((films / "out" / "a.json").read_text())
    assert (about["language"], about["transcriber"]) == ("en", films.name)


def test_a_low_confidence_is_reported(command, films, recogniser, caplog):
    recogniser(unsure)
    done = command("transcribe", films / "a.wav", "--out", films / "out", "--workers", 1)
    assert done.code == 0
    assert "a.wav: low confidence" in caplog.text
    assert done.out.split() == ["file", "words", "confidence", str(films / "a.wav"), "2", "low"]


def test_two_files_of_one_name(command, films, recogniser):
    recogniser(one_segment)
    done = command("transcribe", films / "a.wav", films / "sub" / "a.mp4", "--out", films / "out")
    assert done.code == 2
    assert "`inputs` must differ in their names" in done.err
    assert not (films / "out").exists()


def test_no_weights(command, films):
    done = command("transcribe", films / "a.wav", "--out", films / "out")
    assert (done.code, done.out) == (2, "")
    assert "mmfusion weights get moonshine" in done.err


def test_another_language(command, films):
    done = command("transcribe", films / "a.wav", "--out", films / "out", "--language", "de")
    assert done.code == 2
    assert "`language` must be one of en. Received: 'de'" in done.err


@with_weights
@with_speech
def test_recorded_sentences(command, tmp_path, monkeypatch):
    monkeypatch.setattr(transcribe, "weights_path", lambda name: FOLDER)
    names = ("03-01-01-01-01-01-01", "03-01-01-01-02-01-01")
    inputs = [RAVDESS / f"{name}.ogg" for name in names]
    assert command("transcribe", *inputs, "--out", tmp_path, "--workers", 1).code == 0
    for name, word in zip(names, ("talking", "sitting"), strict=True):
        texts = [
            [each.text for each in mm.media.read_captions(tmp_path / f"{name}{suffix}")[0]]
            for suffix in transcribe.SUFFIXES
        ]
        assert word in texts[0]
        assert texts[1] == texts[2] == texts[0]

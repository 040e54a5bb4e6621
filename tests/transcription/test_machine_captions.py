import dataclasses

import numpy as np
import pytest

from mmfusion.media.subtitles import read_captions
from mmfusion.media.write import write_audio
from mmfusion.specs import Clip
from mmfusion.transcription import machine_captions
from mmfusion.transcription.machine_captions import with_machine_captions
from tests.transcription.fakes import no_segment, one_segment, unsure


@pytest.fixture
def audio(tmp_path):
    path = tmp_path / "a.wav"
    write_audio(path, np.zeros(32_000), 16_000)
    return path


@pytest.fixture
def captioned(tmp_path):
    def run(clips, transcribe=one_segment, version="1"):
        cache = tmp_path / "cache"
        return with_machine_captions(clips, transcribe, version, cache=cache, workers=1)

    return run


def test_no_clips(captioned):
    assert captioned([]) == []


def test_words_are_found(captioned, audio):
    (clip,) = captioned([Clip("a", audio=audio, label="x")])
    assert clip.transcribed
    assert dataclasses.replace(clip, transcript=None, transcribed=False) == Clip(
        "a", audio=audio, label="x"
    )
    words, problems = read_captions(clip.transcript)
    assert ([word.text for word in words], problems) == (["help", "us"], [])
    assert (words[0].start_s, words[-1].end_s) == (0.5, 1.5)


def test_words_of_a_person_are_never_replaced(captioned, audio, tmp_path):
    captions = tmp_path / "a.srt"
    captions.write_text("1\n00:00:00,000 --> 00:00:01,000\nno\n")
    clips = [
        Clip("a", audio=audio, text="no"),
        Clip("b", audio=audio, transcript=captions),
        Clip("c", text="no"),
    ]
    assert captioned(clips) == clips


def test_blank_text_is_none(captioned, audio):
    (clip,) = captioned([Clip("a", audio=audio, text="  ")])
    assert clip.transcribed


@pytest.mark.parametrize(
    ("start_s", "end_s", "expected"),
    [(0.0, None, True), (1.0, 2.0, True), (1.4, None, False), (0.0, 0.4, False)],
)
def test_words_within_the_time_of_a_clip(captioned, audio, start_s, end_s, expected):
    (clip,) = captioned([Clip("a", audio=audio, start_s=start_s, end_s=end_s)])
    assert (clip.transcribed, clip.transcript is not None) == (expected, expected)


def test_audio_of_its_own_goes_before_that_of_the_video(captioned, audio, tmp_path):
    (clip,) = captioned([Clip("a", video=tmp_path / "missing.mp4", audio=audio)])
    assert clip.transcribed


def test_nobody_speaks(captioned, audio, tmp_path):
    clips = [Clip("a", audio=audio)]
    assert captioned(clips, no_segment) == clips
    assert len(list((tmp_path / "cache" / "captions").iterdir())) == 1  # nor is it asked again


def test_a_broken_file_is_left_to_preparing(captioned, audio, tmp_path, caplog):
    broken = tmp_path / "b.wav"
    broken.write_bytes(b"")
    found = captioned([Clip("b", audio=broken), Clip("a", audio=audio)])
    assert [clip.transcribed for clip in found] == [False, True]
    assert "zero bytes" in caplog.text


def test_a_low_confidence_is_reported(captioned, audio, caplog):
    (clip,) = captioned([Clip("a", audio=audio)], unsure)
    assert clip.transcribed
    assert f"1 of 1 files transcribed with a low confidence, first {audio}" in caplog.text


def test_the_second_run_reads_the_captions(captioned, audio, monkeypatch):
    asked = []
    real = machine_captions.transcribe_files

    def counted(paths, *args, **kwargs):
        asked.append(len(paths))
        return real(paths, *args, **kwargs)

    monkeypatch.setattr(machine_captions, "transcribe_files", counted)
    twin = audio.with_name("b.wav")
    twin.write_bytes(audio.read_bytes())
    clips = [Clip("a", audio=audio), Clip("b", audio=twin), Clip("c", audio=audio, start_s=0.1)]
    first = captioned(clips)
    assert captioned(clips) == first
    assert len({clip.transcript for clip in first}) == 1
    write_audio(twin, np.ones(16_000) / 2, 16_000)
    captioned(clips)
    captioned(clips, version="2")
    assert asked == [1, 0, 1, 2]

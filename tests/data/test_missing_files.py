import logging

import pytest

from mmfusion.data.missing_files import files_of, is_there, missing_files, warn_of_missing
from mmfusion.specs import Clip


@pytest.fixture
def clips(tmp_path):
    (tmp_path / "a.mp4").touch()
    return [
        Clip("a", video=tmp_path / "a.mp4", transcript=tmp_path / "a.srt"),
        Clip("b", video=tmp_path / "a.mp4", audio=tmp_path / "b.wav"),
        Clip("c", transcript=tmp_path / "a.srt"),
        Clip("d", text="fire"),
    ]


def test_nothing(clips):
    assert missing_files([]) == missing_files(clips[3:]) == missing_files([object()]) == ""
    assert is_there(object())


def test_each_missing_file_counts_once_and_the_first_is_named(clips, tmp_path):
    assert missing_files(clips) == f"2 of 3 files are missing, first {tmp_path / 'a.srt'}"
    assert [is_there(clip) for clip in clips] == [False, False, False, True]


@pytest.mark.parametrize(
    ("modalities", "names", "there"),
    [
        (("text",), ["a.srt"], [False, True, False, True]),
        (("video",), ["a.mp4"], [True, True, True, True]),
        (("audio",), ["a.mp4"], [True, False, True, True]),
        ((), [], [True] * 4),
    ],
)
def test_files_of_modalities_that_are_not_wanted_do_not_matter(clips, modalities, names, there):
    assert [path.name for path in files_of(clips[0], modalities)] == names
    assert [is_there(clip, modalities) for clip in clips] == there


def test_it_is_logged(clips, caplog, tmp_path):
    warn_of_missing("m.csv", clips, ("audio",))
    warn_of_missing("m.csv", clips, ("video",))
    assert [record.getMessage() for record in caplog.records] == [
        f"m.csv: 1 of 2 files is missing, first {tmp_path / 'b.wav'}"
    ]
    assert caplog.records[0].levelno == logging.WARNING

import struct

import numpy as np
import pytest

from mmfusion.media.reader import read_media
from mmfusion.media.riff import promised_s
from mmfusion.media.write import write_audio


@pytest.fixture
def whole(tmp_path):
    """Two seconds."""
    path = tmp_path / "whole.wav"
    write_audio(path, np.full(16_000, 0.5, "float32"), 8_000)
    return path.read_bytes()


def read(path, content):
    path.write_bytes(content)
    return promised_s(path)


def test_a_file_that_was_cut_is_truncated(tmp_path, whole):
    path = tmp_path / "a.wav"
    assert read(path, whole) == 2.0
    assert not read_media(path, window_s=(0.0, None)).truncated
    assert read(path, whole[: len(whole) // 2]) == 2.0
    media = read_media(path, window_s=(0.0, None))
    assert media.truncated
    assert media.audio.end_s == pytest.approx(1.0, abs=0.01)
    assert not read_media(path, window_s=(0.0, 0.5)).truncated


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_length_that_the_recorder_did_not_know_is_none(tmp_path, whole, size):
    at = whole.index(b"data") + 4
    path = tmp_path / "a.wav"
    assert read(path, whole[:at] + struct.pack("<I", size) + whole[at + 4 :]) == 0
    assert not read_media(path, window_s=(0.0, 2.0)).truncated


def test_other_chunks_and_other_files(tmp_path, whole):
    at = whole.index(b"fmt ")
    odd = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    assert read(tmp_path / "a.wav", whole[:at] + odd + whole[at:]) == 2.0
    assert read(tmp_path / "a.wav", whole[:14]) == 0
    assert read(tmp_path / "a.wav", whole[: at + 12]) == 0
    assert read(tmp_path / "a.wav", b"fLaC") == 0
    assert read(tmp_path / "a.wav", whole[:12] + 9_000 * (b"junk" + bytes(4))) == 0

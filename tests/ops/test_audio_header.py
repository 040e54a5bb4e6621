import io

import numpy as np
import pytest
import soundfile
import tensorflow as tf

from mmfusion.ops.audio_header import (
    flac_header,
    mp3_rate_hz,
    number,
    octets,
    packed,
    starts,
    vorbis_rate_hz,
    wav_header,
)


def written(rate_hz, kind, subtype):
    file = io.BytesIO()
    soundfile.write(file, np.zeros(100), rate_hz, format=kind, subtype=subtype)
    return file.getvalue()


@pytest.mark.parametrize(
    ("subtype", "code", "bits"),
    [("PCM_U8", 1, 8), ("PCM_16", 1, 16), ("PCM_24", 1, 24), ("FLOAT", 3, 32), ("DOUBLE", 3, 64)],
)
@pytest.mark.parametrize("kind", ["WAV", "WAVEX"])
def test_wav(kind, subtype, code, bits):
    contents = written(22050, kind, subtype)
    header = wav_header(contents)
    assert [int(header[name]) for name in ("code", "bits", "rate_hz")] == [code, bits, 22050]
    start, size = header["data"]
    assert size == 8 + 100 * bits // 8
    assert contents[int(start) : int(start) + 4] == b"data"
    assert header["whole"]
    assert not wav_header(contents[: int(start + size) - 1])["whole"]


@pytest.mark.parametrize("contents", [b"", b"RIFF", b"RIFF____WAVE", b"RIFF____WAVEfmt "])
def test_a_wav_that_ends_early_has_no_format(contents):
    header = wav_header(contents)
    assert header["code"] == header["bits"] == header["rate_hz"] == 0
    assert not header["whole"]


@pytest.mark.parametrize(
    ("rate_hz", "subtype", "bits"), [(8000, "PCM_16", 16), (96000, "PCM_24", 24)]
)
def test_flac(rate_hz, subtype, bits):
    assert [int(told) for told in flac_header(written(rate_hz, "FLAC", subtype))] == [rate_hz, bits]


@pytest.mark.parametrize("rate_hz", [8000, 44100, 48000])
def test_vorbis(rate_hz):
    assert vorbis_rate_hz(written(rate_hz, "OGG", "VORBIS")) == rate_hz


@pytest.mark.parametrize("tag", [b"", b"ID3\4\0\0\0\0\1\2" + bytes(130)])
@pytest.mark.parametrize("rate_hz", [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000])
def test_mp3(rate_hz, tag):
    assert mp3_rate_hz(tag + written(rate_hz, "MP3", "MPEG_LAYER_III")) == rate_hz


@pytest.mark.parametrize(
    "frame", [b"", b"\xff", b"\xff\xfd\x90", b"\xff\xeb\x90", b"\xff\xfb\x9c", b"hello"]
)
def test_no_frame_of_an_mp3(frame):
    assert mp3_rate_hz(frame) == 0


def test_bytes_and_numbers():
    np.testing.assert_array_equal(octets(b"\1\2", 1, 3), [2, 0, 0])
    np.testing.assert_array_equal(octets(b"", 5, 1), [0])
    assert number(b"_\1\2", 1, 2) == 0x0201
    assert number(b"_\1\2", 1, 2, order="big") == 0x0102
    assert packed(tf.constant(0x01FF02FE, tf.int64)).numpy() == b"\xfe\x02\xff\x01"
    assert starts(b"abc", b"bc", 1)
    assert not starts(b"abc", b"cd", 2)

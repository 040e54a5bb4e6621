"""Frames from the start, where timestamps are of decoding, or few, or none."""

import numpy as np
import pytest

from mmfusion.media.container import open_container
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import Limits
from mmfusion.media.source import open_source
from mmfusion.media.through import decode_through

B_FRAMES = {"x264-params": "keyint=12:scenecut=0:bframes=3:b-adapt=0:b-pyramid=normal"}


def through(path, limits=Limits()):  # noqa: B008
    with open_container(path, limits) as container:
        source = open_source(path, container, exact=True, limits=limits)
        shots = [(f.to_ndarray(format="rgb24"), *span_s) for f, *span_s in decode_through(source)]
    frames, starts_s, ends_s = zip(*shots, strict=True)
    return np.stack(frames), np.array(starts_s), np.array(ends_s)


@pytest.mark.parametrize("suffix", ["avi", "wmv", "mpg", "flv", "mp4", "ts"])
def test_h264_with_b_frames(tmp_path, write_burnt, read_burnt, suffix):
    path = write_burnt(tmp_path / f"a.{suffix}", "libx264", options=B_FRAMES)
    frames, starts_s, ends_s = through(path)
    assert read_burnt(frames).tolist() == list(range(100))
    np.testing.assert_allclose(starts_s - starts_s[0], np.arange(100) / 25, atol=1.1e-3)
    np.testing.assert_allclose(ends_s - starts_s, 1 / 25, atol=1.1e-3)


@pytest.mark.parametrize("lost", [3, 30])
def test_damage_moves_no_later_frame(tmp_path, write_burnt, read_burnt, lost):
    """AVI: the places of packets that yield no frame are passed over."""
    path = write_burnt(tmp_path / "a.avi", "libx264", options=B_FRAMES)
    content = bytearray(path.read_bytes())
    at = -1
    for _ in range(lost + 1):
        at = content.index(b"00dc", at + 1)
    length = int.from_bytes(content[at + 4 : at + 8], "little")
    content[at + 8 : at + 8 + length] = bytes(length)
    path.write_bytes(content)
    frames, starts_s, _ = through(path)
    last = read_burnt(frames)[-24:]  # two groups after the damage
    np.testing.assert_allclose(starts_s[-24:], last / 25, atol=1e-3)


def test_too_many_frames(tmp_path, write_burnt):
    path = write_burnt(tmp_path / "a.avi", "libx264", options=B_FRAMES)
    with pytest.raises(DecodeError) as error:
        through(path, Limits(frames=50))
    assert error.value.kind == "limit_frames"

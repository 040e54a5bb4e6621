import numpy as np
import pytest

from mmfusion.media.errors import DecodeError
from mmfusion.media.keyframes import keyframe_times
from mmfusion.media.video import read_frames


def test_every_tenth_picture(write_media, tmp_path):
    path = tmp_path / "a.mp4"
    stamps_ms = [40 * t for t in range(30)]
    write_media(path, stamps_ms, options={"g": "10", "sc_threshold": "0", "bf": "0"})
    times_s = keyframe_times(path)
    np.testing.assert_allclose(times_s, [0, 0.4, 0.8])
    read = read_frames(path, times_s, exact=True)
    assert read.mask.all()
    np.testing.assert_allclose(read.times_s, times_s)
    np.testing.assert_allclose(read.frames.mean(axis=(1, 2, 3)), [20, 70, 120], atol=3)


def test_sound_has_none(write_media, tmp_path):
    path = tmp_path / "a.mp4"
    write_media(path, samples=np.zeros(16_000, "float32"))
    assert keyframe_times(path).shape == (0,)


def test_what_is_no_film(tmp_path):
    (tmp_path / "a.mp4").write_text("text")
    with pytest.raises(DecodeError):
        keyframe_times(tmp_path / "a.mp4")

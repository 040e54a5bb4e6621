import numpy as np
import pytest

from mmfusion.data.align import align
from mmfusion.media.plain_reader import read_clip
from mmfusion.media.write import write_audio, write_video
from mmfusion.specs import Clip, ClipSpec

SPEC = ClipSpec(seconds=1.0, steps=4, size_px=16, sample_rate_hz=8000)


@pytest.mark.parametrize("start_s", [0.0, 0.6, 1.7])
def test_equals_what_align_reads(tmp_path, start_s):
    rng = np.random.default_rng(0)
    colours = rng.integers(0, 255, (8, 1, 1, 3), np.uint8).repeat(32, 1).repeat(48, 2)
    tone = np.sin(np.arange(32_000) * 2 * np.pi * 300 / 16_000).astype("float32")
    path = tmp_path / "a.mp4"
    write_video(path, colours, fps=4, samples=tone, sample_rate_hz=16_000, crf=1)
    ours, _ = align(Clip("a", video=path, start_s=start_s), SPEC)
    theirs = read_clip(str(path), SPEC.to_dict(), start_s=start_s)
    for name, value in ours.items():
        assert (theirs[name].shape, theirs[name].dtype) == ((1, *value.shape), value.dtype)
        if name == "audio":
            assert np.corrcoef(theirs[name].ravel(), value.ravel())[0, 1] > 0.999
        elif name == "video":
            np.testing.assert_allclose(theirs[name][0].astype(int), value, atol=3)
        else:
            np.testing.assert_array_equal(theirs[name][0], value)


def test_what_is_not_in_the_file_is_absent(tmp_path):
    path = tmp_path / "a.wav"
    write_audio(path, np.full(6_000, 0.5, "float32"), 8000)
    found = read_clip(str(path), SPEC.to_dict(), text="fire")
    assert found["text"][0].tolist() == ["fire", "", "", ""]
    assert found["text_mask"][0].tolist() == [True, False, False, False]
    assert found["audio_mask"][0].tolist() == [True, True, True, False]
    np.testing.assert_allclose(found["audio"][0, :3], 0.5, atol=1e-4)
    assert not found["video"].any()
    assert not found["video_mask"].any()

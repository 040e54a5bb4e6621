import numpy as np
import pytest

from mmfusion.data.clip_features import Reading, clip_features
from mmfusion.media.errors import DecodeError
from mmfusion.media.write import write_audio, write_video
from mmfusion.specs import Clip

RATE_HZ = 8000
READING = Reading(frames_hz=5.0, size_px=16, sample_rate_hz=RATE_HZ, longest_s=3.0)
VIDEO = {"count": lambda frames: np.array([len(frames)]), "size": lambda x: np.array(x.shape[1:])}
AUDIO = {"length_s": lambda samples, rate_hz: np.array([len(samples) / rate_hz])}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A film of 4 s at 10 fps with 2 s of sound, one without, and 1 s of sound alone."""
    folder = tmp_path_factory.mktemp("clips")
    frames = np.random.default_rng(0).integers(0, 255, (40, 32, 48, 3), np.uint8)
    tone = 0.5 * np.sin(np.arange(2 * RATE_HZ))
    write_video(folder / "film.mp4", frames, fps=10, samples=tone, sample_rate_hz=RATE_HZ)
    write_video(folder / "mute.mp4", frames[:1], fps=10)
    write_audio(folder / "tone.wav", tone[:RATE_HZ], sample_rate_hz=RATE_HZ)
    (folder / "text.mp4").write_text("no film")
    return folder


@pytest.mark.parametrize(
    ("fields", "count", "length_s"),
    [
        ({"video": "film.mp4"}, 15, 2),
        ({"video": "film.mp4", "end_s": 1.0}, 5, 1),
        ({"video": "film.mp4", "start_s": 1.0}, 15, 1),
        ({"video": "film.mp4", "audio": "tone.wav"}, 15, 1),
        ({"video": "mute.mp4"}, 1, None),
        ({"audio": "tone.wav"}, None, 1),
        ({"text": "Fire!"}, None, None),
    ],
)
def test_each_modality_within_its_time(folder, fields, count, length_s):
    fields = {k: folder / v if k in ("video", "audio") else v for k, v in fields.items()}
    found = clip_features(Clip("a", **fields), READING, video=VIDEO, audio=AUDIO)
    assert ("video.count" in found.features) == (count is not None)
    assert ("audio.length_s" in found.features) == (length_s is not None)
    if count is not None:
        assert found.features["video.count"] == count
        assert found.features["video.size"].tolist() == [16, 16, 3]
    if length_s is not None:
        np.testing.assert_allclose(found.features["audio.length_s"], length_s, atol=0.2)
    assert found.words == fields.get("text", "")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"video": "text.mp4"}, "not_media"),
        ({"video": "none.mp4"}, "missing"),
        ({"audio": "tone.wav", "start_s": 9.0}, "empty"),
    ],
)
def test_what_cannot_be_read(folder, fields, kind):
    fields = {k: folder / v if k in ("video", "audio") else v for k, v in fields.items()}
    with pytest.raises(DecodeError) as told:
        clip_features(Clip("a", **fields), READING, video=VIDEO, audio=AUDIO)
    assert told.value.kind == kind


@pytest.mark.parametrize("field", ["frames_hz", "size_px", "sample_rate_hz", "longest_s"])
@pytest.mark.parametrize("value", [0, -1, np.nan, np.inf])
def test_settings_are_positive(field, value):
    with pytest.raises(ValueError, match=f"`{field}` must be positive"):
        Reading(**{field: value})

"""Whatever the container and the codecs: a window is what reading from the start yields of it."""

from pathlib import Path

import numpy as np
import pytest

from mmfusion.media.audio import read_audio
from mmfusion.media.container import open_container
from mmfusion.media.formats import is_whole, says_when_shown, seeks_frames, seeks_samples
from mmfusion.media.limits import Limits
from mmfusion.media.streams import audio_stream, video_stream
from mmfusion.media.video import read_frames, read_video

DOCS = Path(__file__).parents[2] / "docs" / "containers.md"
FPS, FRAMES, RATE_HZ = 25, 100, 16_000
WINDOWS_S = [(0, 0.2), (0.5, 0.9), (1.1, 1.3), (2.1, 2.5), (2.5, 2.6), (2.9, 3.3), (3.2, 3.4)]
WINDOWS_S += [(3.6, 3.96)]
DELAY_S = 0.03  # at most, of an encoder that its container does not know of

GROUPS = "keyint=12:min-keyint=12:scenecut=0:bframes=3:b-adapt=0"
QUIET = f"log-level=none:pools=1:frame-threads=1:{GROUPS}"
VIDEO = {  # by name: encoder and its options
    "h264": ("libx264", {"x264-params": f"{GROUPS}:bframes=0"}),
    "h264 with B-frames": ("libx264", {"x264-params": f"{GROUPS}:b-pyramid=normal"}),
    "h264 of open groups": ("libx264", {"x264-params": f"{GROUPS}:open-gop=1"}),
    "h264 with intra refresh": ("libx264", {"x264-params": f"{GROUPS}:bframes=0:intra-refresh=1"}),
    "hevc": ("libx265", {"x265-params": f"{QUIET}:open-gop=0"}),
    "hevc of open groups": ("libx265", {"x265-params": f"{QUIET}:open-gop=1"}),
    "hevc with intra refresh": ("libx265", {"x265-params": f"{QUIET}:bframes=0:intra-refresh=1"}),
    "vp8": ("libvpx", {"deadline": "realtime", "cpu-used": "8"}),
    "vp9": ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "8"}),
    "mpeg1": ("mpeg1video", {"bf": "2"}),
    "mpeg2": ("mpeg2video", {"bf": "2"}),
    "mpeg4": ("mpeg4", {}),
    "mpeg4 with B-frames": ("mpeg4", {"bf": "2"}),
} | {
    name: (name, {})
    for name in (
        *(
            "cinepak",
            "dirac",
            "ffv1",
            "flv",
            "gif",
            "h263",
            "huffyuv",
            "mjpeg",
            "msmpeg4",
            "msmpeg4v2",
        ),
        *("png", "prores", "snow", "svq1", "utvideo", "wmv1", "wmv2"),
    )
}
PIXELS = {"huffyuv": "yuv422p", "mjpeg": "yuvj420p", "png": "rgb24", "prores": "yuv422p10le"}
PIXELS |= {"cinepak": "rgb24", "svq1": "yuv410p", "gif": "rgb8"}
H264 = ["h264", "h264 with B-frames", "h264 of open groups", "h264 with intra refresh"]
HEVC = ["hevc", "hevc of open groups", "hevc with intra refresh"]
MPEG = ["mpeg1", "mpeg2", "mpeg4", "mpeg4 with B-frames"]
OLD = ["flv", "h263", "msmpeg4", "msmpeg4v2", "wmv1", "wmv2"]
PCM = ["pcm_s16le", "pcm_f32le", "pcm_alaw"]
ADPCM = ["adpcm_ima_wav", "adpcm_ms", "adpcm_yamaha", "adpcm_swf"]
MP4_AUDIO = ["aac", "ac3", "alac", "libopus", "libmp3lame"]

CONTAINERS = {  # by suffix: muxer, its video and its audio
    "3gp": ("3gp", ["h263", "h264", "mpeg4"], ["aac"]),
    "mp4": ("mp4", [*H264, *HEVC, *MPEG, "mjpeg", "png", "vp9", "ffv1"], [*MP4_AUDIO, "flac"]),
    "fragmented mp4": ("mp4", [*H264[:2], *HEVC[:2], "vp9"], ["aac", "alac", "flac", "libopus"]),
    "mov": ("mov", [*H264, *HEVC[:2], *MPEG, "cinepak", "prores"], ["aac", "alac", *PCM[:2]]),
    "mkv": (
        "matroska",
        [*H264, *HEVC, *MPEG, "dirac", "ffv1", "mjpeg", "snow", "vp8", "vp9"],
        [*MP4_AUDIO, "flac", "pcm_s16le", "tta", "wavpack"],
    ),
    "webm": ("webm", ["vp8", "vp9"], ["libopus"]),
    "avi": (
        "avi",
        [*H264, *MPEG, *OLD, "cinepak", "ffv1", "huffyuv", "mjpeg", "utvideo"],
        ["aac", "ac3", *ADPCM[:3], "libmp3lame", "mp2", *PCM, "g722"],
    ),
    "ts": ("mpegts", [*H264, *HEVC, *MPEG[:3]], ["aac", "ac3", "libmp3lame", "libopus", "mp2"]),
    "mpg": ("mpeg", [*H264[:2], *MPEG[:2]], ["ac3", "libmp3lame", "mp2"]),
    "vob": ("vob", [*H264[:1], *MPEG[:2]], ["ac3", "mp2"]),
    "flv": ("flv", [*H264, *HEVC[:2], "flv"], ["aac", "adpcm_swf", "libmp3lame", "nellymoser"]),
    "wmv": (
        "asf",
        [*H264[:2], *MPEG, *OLD[2:], "mjpeg"],
        ["aac", *ADPCM, "libmp3lame", *PCM],
    ),
    "ogg": ("ogg", ["vp8"], ["flac", "libopus"]),
    "gif": ("gif", ["gif"], []),
    "ivf": ("ivf", ["vp8", "vp9"], []),
    "aac": ("adts", [], ["aac"]),
    "aiff": ("aiff", [], ["pcm_s16be", "pcm_f32be"]),
    "amr": ("amr", [], ["libopencore_amrnb"]),
    "au": ("au", [], ["pcm_s16be", "pcm_mulaw"]),
    "caf": ("caf", [], ["alac", "adpcm_ima_qt", "pcm_s16le"]),
    "flac": ("flac", [], ["flac"]),
    "mp3": ("mp3", [], ["libmp3lame"]),
    "w64": ("w64", [], ["pcm_s16le", "adpcm_ms"]),
    "wav": ("wav", [], [*PCM, *ADPCM, "ac3", "g722", "libmp3lame", "mp2"]),
}
FRAGMENTS = {"movflags": "frag_keyframe+empty_moov"}
PAIRS = [(suffix, name) for suffix, (_, names, _) in CONTAINERS.items() for name in names]
SOUNDS = [(suffix, name) for suffix, (_, _, names) in CONTAINERS.items() for name in names]


def settings_of(suffix):
    return {
        "format": CONTAINERS[suffix][0],
        "muxer": FRAGMENTS if suffix.startswith("fragmented") else {},
    }


def write_pair(write_burnt, path, suffix, name):
    encoder, options = VIDEO[name]
    given = {"options": options, "pix_fmt": PIXELS.get(encoder, "yuv420p")}
    return write_burnt(path / "clip", video=encoder, **given, **settings_of(suffix))


@pytest.mark.parametrize(("suffix", "name"), PAIRS)
def test_frames_of_a_window(tmp_path, write_burnt, read_burnt, suffix, name):
    path = write_pair(write_burnt, tmp_path, suffix, name)
    with open_container(path, Limits()) as container:
        stream = video_stream(container)
        sought = says_when_shown(container, stream) and seeks_frames(path, container, stream)
    assert name in documented(suffix)[0 if sought else 1]
    whole = read_video(path)
    assert read_burnt(whole.frames).tolist() == list(range(FRAMES))
    first_s = whole.times_s[0]
    np.testing.assert_allclose(whole.times_s - first_s, np.arange(FRAMES) / FPS, atol=1.1e-3)
    for start_s, stop_s in WINDOWS_S:
        asked_s = first_s + np.arange(start_s, stop_s, 0.5 / FPS) + 0.005
        found = read_frames(path, asked_s, exact=True)
        assert found.mask.all()
        shown = np.searchsorted(whole.times_s, asked_s, side="right") - 1
        np.testing.assert_array_equal(read_burnt(found.frames), shown)


@pytest.mark.parametrize(("suffix", "name"), SOUNDS)
def test_samples_of_a_window(tmp_path, write_burnt, burnt_lag, suffix, name):
    path = write_burnt(tmp_path / "clip", audio=name, **settings_of(suffix))
    with open_container(path, Limits()) as container:
        sought = seeks_samples(path, container, audio_stream(container))
    assert name in documented(suffix)[2 if sought else 3]
    whole = read_audio(path, RATE_HZ)
    assert abs(burnt_lag(whole.samples, RATE_HZ)) <= DELAY_S
    for start_s, stop_s in WINDOWS_S:
        found = read_audio(path, RATE_HZ, window_s=(start_s, stop_s)).samples
        first = round(start_s * RATE_HZ)
        part = whole.samples[first : first + len(found)]
        likeness = found @ part / np.sqrt((found @ found) * (part @ part))
        assert likeness > 0.99  # noise below 2.8 kHz: a hundredth of that at 0.2 ms


def documented(suffix):
    """The four cells of a container in the table of the docs, as sets of names."""
    rows = [line.split("|")[1:-1] for line in DOCS.read_text().splitlines() if "|" in line]
    cells = {row[0].strip(): row[1:] for row in rows}[suffix]
    return [{name.strip() for name in cell.split(",")} - {""} for cell in cells]


@pytest.mark.parametrize("suffix", CONTAINERS)
def test_docs_list_what_is_tested_here(suffix):
    _, frames, samples = CONTAINERS[suffix]
    sought, read, sought_samples, read_samples = documented(suffix)
    assert sought | read == set(frames)
    assert not sought & read
    assert sought_samples | read_samples == set(samples)
    assert not sought_samples & read_samples


def ebml(identifier, content):
    return identifier + (len(content) | 1 << 56).to_bytes(8, "big") + content


@pytest.mark.parametrize("tail", [b"", b"\0", ebml(b"\x1a\x45\xdf\xa3", b"")])
def test_a_file_is_whole_that_ends_with_its_segment(tmp_path, tail):
    content = ebml(b"\x1a\x45\xdf\xa3", b"head") + ebml(b"\x18\x53\x80\x67", bytes(100))
    path = tmp_path / "a.mkv"
    path.write_bytes(content + tail)
    assert is_whole(path) == (not tail)
    path.write_bytes(content[:-1])
    assert not is_whole(path)


def test_a_segment_of_unknown_length_is_not_known_to_be_whole(tmp_path):
    content = ebml(b"\x1a\x45\xdf\xa3", b"head") + b"\x18\x53\x80\x67\x01" + b"\xff" * 7
    (tmp_path / "a.webm").write_bytes(content)
    assert not is_whole(tmp_path / "a.webm")
    (tmp_path / "a.webm").write_bytes(b"\x1a\x45\xdf\xa3")
    assert not is_whole(tmp_path / "a.webm")

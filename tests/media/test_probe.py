from pathlib import Path

import av
import pytest

from mmfusion.media.probe import AudioInfo, probe


def test_picture_and_sound(tmp_path, write_media, tone):
    path = write_media(tmp_path / "a.mp4", range(0, 1000, 40), tone(1.0), options={"bf": "0"})
    info = probe(path)
    assert (info.video.width_px, info.video.height_px, info.video.codec) == (64, 48, "h264")
    assert info.video.fps == pytest.approx(25, rel=0.05)
    assert info.audio == AudioInfo(16_000, 1, "aac", pytest.approx(1.0, abs=0.1))
    assert info.duration_s == pytest.approx(1.0, abs=0.1)
    assert info.start_s == 0.0


@pytest.mark.parametrize(
    ("suffix", "sound", "layout", "rate_hz"),
    [
        ("wav", "pcm_s16le", "stereo", 8_000),
        ("flac", "flac", "mono", 96_000),
        ("mp3", "libmp3lame", "stereo", 44_100),
        ("ogg", "libopus", "mono", 48_000),
        ("mka", "aac", "5.1", 48_000),
    ],
)
def test_sound_files(tmp_path, write_media, tone, suffix, sound, layout, rate_hz):
    channels = av.AudioLayout(layout).nb_channels
    samples = [tone(0.5, rate_hz=rate_hz)] * channels
    path = tmp_path / f"a.{suffix}"
    write_media(path, samples=samples, sound=sound, layout=layout, rate_hz=rate_hz)
    info = probe(path)
    assert info.video is None
    assert (info.audio.sample_rate_hz, info.audio.channels) == (rate_hz, channels)
    assert info.duration_s == pytest.approx(0.5, abs=0.1)


def test_start(tmp_path, write_media, tone):
    path = write_media(tmp_path / "a.mkv", range(700, 1700, 40), tone(0.5), start_ms=900)
    assert probe(path).start_s == pytest.approx(0.7, abs=0.05)


LENGTHS = {  # by suffix: muxer, video and audio
    "mp4": ("mp4", "libx264", "aac"),
    "mov": ("mov", "libx264", "aac"),
    "mkv": ("matroska", "libx264", "aac"),
    "webm": ("webm", "libvpx-vp9", "libopus"),
    "ts": ("mpegts", "libx264", "aac"),
    "mpg": ("mpeg", "mpeg2video", "mp2"),
    "flv": ("flv", "libx264", "aac"),
    "wmv": ("asf", "wmv2", "aac"),
    "ogg": ("ogg", "libvpx", "libopus"),
}


@pytest.mark.parametrize("suffix", LENGTHS)
@pytest.mark.parametrize("start_s", [0.0, 36_000.0])
def test_length_is_true_wherever_time_starts(tmp_path, write_burnt, suffix, start_s):
    muxer, video, audio = LENGTHS[suffix]
    path = tmp_path / f"a.{suffix}"
    options = {"deadline": "realtime"} if "vpx" in video else {}
    write_burnt(path, video, audio, format=muxer, start_s=start_s, options=options)
    info = probe(path)
    assert info.start_s == pytest.approx(start_s, abs=0.6)
    assert info.duration_s == pytest.approx(4.0, abs=0.1)
    for end_s in (info.video.end_s, info.audio.end_s):
        assert end_s == pytest.approx(4.0, abs=0.1)


class Pipe:
    """A file that only grows, as a pipe does."""

    def __init__(self, path):
        self.path = path
        path.write_bytes(b"")

    def write(self, content):
        with self.path.open("ab") as file:
            return file.write(content)


PIPED = LENGTHS | {
    "avi": ("avi", "mpeg4", "libmp3lame"),
    "ivf": ("ivf", "libvpx", None),
    "wav": ("wav", None, "pcm_s16le"),
    "au": ("au", None, "pcm_s16be"),
    "flac": ("flac", None, "flac"),
    "mp3": ("mp3", None, "libmp3lame"),
    "aac": ("adts", None, "aac"),
}
del PIPED["mov"]


@pytest.mark.parametrize("suffix", PIPED)
def test_length_is_measured_where_no_writer_could_go_back(
    tmp_path, monkeypatch, write_burnt, suffix
):
    """As a browser records, and as FFmpeg writes to a pipe: no header says how long it is."""
    muxer, video, audio = PIPED[suffix]
    path = tmp_path / f"a.{suffix}"
    piped = av.open
    monkeypatch.setattr(av, "open", lambda path, *args, **kw: piped(Pipe(Path(path)), *args, **kw))
    options = {"deadline": "realtime"} if video and "vpx" in video else {}
    fragments = {"movflags": "frag_keyframe+empty_moov"} if muxer == "mp4" else {}
    write_burnt(path, video, audio, format=muxer, options=options, muxer=fragments)
    monkeypatch.undo()
    info = probe(path)
    assert info.duration_s == pytest.approx(4.0, abs=0.15)
    if video:
        assert info.video.end_s == pytest.approx(4.0, abs=0.15)
    if audio:
        assert info.audio.end_s == pytest.approx(4.0, abs=0.15)


def test_two_recordings_in_one_file_are_as_long_as_both(tmp_path, write_burnt):
    for suffix in ("ts", "mkv"):
        part = write_burnt(tmp_path / f"a.{suffix}", "libx264", "aac").read_bytes()
        (tmp_path / f"b.{suffix}").write_bytes(part + part)
        assert probe(tmp_path / f"b.{suffix}").duration_s == pytest.approx(8.0, abs=0.2)
    part = write_burnt(tmp_path / "a.flac", audio="flac").read_bytes()
    (tmp_path / "b.flac").write_bytes(part + part)
    assert probe(tmp_path / "b.flac").duration_s == pytest.approx(8.0, abs=0.4)

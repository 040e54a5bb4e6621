"""Recordings joined end to end: one after the other, never one over the other."""

import itertools

import numpy as np
import pytest

from mmfusion.media.audio import read_audio
from mmfusion.media.container import demux, open_container
from mmfusion.media.limits import Limits
from mmfusion.media.streams import audio_stream, video_stream
from mmfusion.media.timeline import RestartError, one_timeline, unbroken
from mmfusion.media.video import read_frames, read_video

JOINED = {  # by suffix: codecs of both parts
    "ts": ("libx264", "aac"),
    "mpg": ("mpeg2video", "mp2"),
    "mkv": ("libx264", "aac"),
    "webm": ("libvpx-vp9", "libopus"),
    "ogg": ("libvpx", "libopus"),
}
SECONDS, FPS, RATE_HZ = 4.0, 25, 16_000


@pytest.fixture
def join(tmp_path, write_burnt):
    """A function that writes a file of several recordings with the same frames and audio."""

    def write(suffix, starts_s=(0.0, 0.0)):
        video, audio = JOINED[suffix]
        content = b""
        for start_s in starts_s:
            settings = {"start_s": start_s, "options": {"deadline": "realtime"}}
            settings["muxer"] = {"fflags": "+bitexact"}  # the same numbers of streams in Ogg
            part = write_burnt(tmp_path / f"part.{suffix}", video, audio, **settings)
            content += part.read_bytes()
        path = tmp_path / f"joined.{suffix}"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize("suffix", JOINED)
def test_the_second_follows_the_first(join, read_burnt, burnt_lag, suffix):
    path = join(suffix)
    whole = read_video(path)
    assert read_burnt(whole.frames).tolist() == [*range(100), *range(100)]
    assert (np.diff(whole.times_s) > 0).all()
    second_s = whole.times_s[100]
    assert whole.times_s[0] + SECONDS - 1e-3 <= second_s <= whole.times_s[0] + SECONDS + 0.1
    asked_s = second_s + np.arange(1.0, 3.0, 0.3) + 0.005
    found = read_frames(path, asked_s, exact=True)
    np.testing.assert_array_equal(
        read_burnt(found.frames), ((asked_s - second_s) * FPS).astype(int)
    )
    halves = [
        read_audio(path, RATE_HZ, window_s=(s, s + 3.5)) for s in (whole.times_s[0], second_s)
    ]
    lags_s = [burnt_lag(half.samples, RATE_HZ) for half in halves]
    assert abs(lags_s[0]) < 0.06
    assert lags_s[1] == pytest.approx(lags_s[0], abs=0.03)
    assert read_audio(path, RATE_HZ).end_s == pytest.approx(second_s + SECONDS, abs=0.1)


def test_a_clock_that_leaps_ahead_by_hours_is_another_recording(join, read_burnt):
    path = join("ts", starts_s=(0.0, 7200.0))
    whole = read_video(path)
    assert read_burnt(whole.frames).tolist() == [*range(100), *range(100)]
    assert whole.times_s[-1] == pytest.approx(2 * SECONDS, abs=0.2)


def test_all_streams_are_moved_alike(join):
    path = join("ts", starts_s=(3.0, 1.0, 2.0))
    moves = []
    for choose in (video_stream, audio_stream):
        with open_container(path, Limits()) as container:
            stream = choose(container)
            raw_s = [packet.dts * packet.time_base for packet in demux(container, stream)]
        with open_container(path, Limits()) as container:
            stream = choose(container)
            moved = [packet.dts * packet.time_base for packet in one_timeline(container, stream)]
        assert moved == sorted(moved)
        moves.append(sorted({round(float(m - r), 3) for m, r in zip(moved, raw_s, strict=True)}))
    assert len(moves[0]) == 3
    assert moves[0] == pytest.approx(moves[1], abs=1e-3)


def test_one_recording_stays_as_it_is(tmp_path, write_burnt):
    path = write_burnt(tmp_path / "a.ts", "libx264", "aac")
    with open_container(path, Limits()) as container:
        raw = [packet.pts for packet in demux(container, video_stream(container))]
    with open_container(path, Limits()) as container:
        assert [packet.pts for packet in one_timeline(container, video_stream(container))] == raw


def test_a_stream_that_goes_on_is_unbroken(tmp_path, write_burnt):
    part = write_burnt(tmp_path / "a.ts", "libx264", "aac")
    joined = tmp_path / "b.ts"
    joined.write_bytes(2 * part.read_bytes())
    with open_container(part, Limits()) as container:
        count = len(list(unbroken(demux(container, audio_stream(container)))))
    with open_container(joined, Limits()) as container:
        packets = unbroken(demux(container, audio_stream(container)))
        assert len(list(itertools.islice(packets, count))) == count
        with pytest.raises(RestartError):
            next(packets)

import av
import numpy as np
import pytest

from mmfusion.media.container import open_container
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import Limits
from mmfusion.media.source import open_source
from mmfusion.media.video import read_frames, read_video


@pytest.fixture
def opened(tmp_path, write_burnt):
    """A function that writes a file of a suffix and returns its container's manager."""

    def write(suffix, **settings):
        options = {"x264-params": "keyint=12:min-keyint=12:scenecut=0:bframes=0"}
        path = write_burnt(tmp_path / f"a.{suffix}", "libx264", options=options, **settings)
        return path, open_container(path, Limits())

    return write


def test_audio_has_no_source(tmp_path, write_burnt):
    path = write_burnt(tmp_path / "a.wav", audio="pcm_s16le")
    with open_container(path, Limits()) as container:
        assert open_source(path, container, exact=True, limits=Limits()) is None


def test_too_many_pixels(opened):
    path, manager = opened("mp4")
    limits = Limits(pixels=100)
    with manager as container, pytest.raises(DecodeError) as error:
        open_source(path, container, exact=True, limits=limits)
    assert error.value.kind == "limit_pixels"


def test_a_seek_leads_to_the_keyframe_before(opened):
    path, manager = opened("mp4")
    with manager as container:
        source = open_source(path, container, exact=True, limits=Limits())
        assert source.planned
        assert source.seeks
        source.seek(3.0)
        assert source.read(3.1).times_s[0] == pytest.approx(2.88)
        assert source.keyframe_before(3.0) == source.keyframe_before(2.9) > 0


def test_windows_that_are_read_on_keep_what_the_next_needs(opened):
    path, manager = opened("ts")
    with manager as container:
        source = open_source(path, container, exact=True, limits=Limits())
        assert source.planned
        assert not source.seeks
        assert source.keyframe_before(3.0) == -1
        for window_s, start_s in [((0.5, 0.6), 0.48), ((0.5, 0.7), 0.48), ((3.0, 3.1), 2.88)]:
            packets = source.read_on(window_s)
            assert packets.times_s[0] == pytest.approx(start_s, abs=1e-3)
            assert packets.times_s[-1] >= window_s[1] - 1e-3


def test_times_far_apart_in_a_file_that_is_read_from_its_start(opened, read_burnt):
    path, _ = opened("ts", frames=250)
    asked_s = np.array([0.105, 0.205, 9.905])  # in two groups
    found = read_frames(path, asked_s, exact=True)
    assert found.mask.all()
    np.testing.assert_array_equal(read_burnt(found.frames), [2, 5, 247])


@pytest.mark.parametrize("kind", ["intra-refresh=1:bframes=0", "open-gop=1:bframes=2", "bframes=3"])
def test_a_recording_that_begins_in_the_middle(tmp_path, write_burnt, read_burnt, kind):
    """As of a receiver that was switched on: its first frames cannot be decoded."""
    options = {"x264-params": f"keyint=12:min-keyint=12:scenecut=0:{kind}"}
    content = write_burnt(tmp_path / "a.ts", "libx264", options=options).read_bytes()
    path = tmp_path / "b.ts"
    path.write_bytes(content[188 * (len(content) // 188 // 3 + 7) :])
    whole = read_video(path)
    numbers = read_burnt(whole.frames)
    assert numbers.tolist() == list(range(numbers[0], 100))
    assert 30 < numbers[0] < 60
    for start_s in whole.times_s[[0, 10, 30]] + 0.005:
        asked_s = start_s + np.arange(10) / 25
        found = read_frames(path, asked_s, exact=True)
        assert found.mask.all()
        first = np.searchsorted(whole.times_s, start_s, side="right") - 1
        assert read_burnt(found.frames).tolist() == list(numbers[first : first + 10])


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_copy_cut_between_keyframes(tmp_path, write_burnt, read_burnt, suffix, codec):
    """As `ffmpeg -ss 1.3 -c copy` leaves it: from the keyframe before, with an edit list in MP4."""
    params = "log-level=none:keyint=12:min-keyint=12:scenecut=0:bframes=3"
    source = write_burnt(tmp_path / "a.mp4", codec, options={f"{codec[3:]}-params": params})
    path = tmp_path / f"b.{suffix}"
    with av.open(str(source)) as before, av.open(str(path), "w") as after:
        stream = after.add_stream_from_template(before.streams.video[0])
        before.seek(1_300_000)
        for packet in before.demux(video=0):
            if packet.size:
                ticks = round(1.3 / packet.time_base)
                packet.pts, packet.dts = packet.pts - ticks, packet.dts - ticks
                packet.stream = stream
                after.mux(packet)
    whole = read_video(path)
    numbers = read_burnt(whole.frames)
    assert numbers.tolist() == list(range(numbers[0], 100))
    for start_s in (0.03, 0.5, 1.7, 2.3):
        asked_s = whole.times_s[0] + start_s + np.arange(5) / 25
        found = read_frames(path, asked_s, exact=True)
        shown = np.searchsorted(whole.times_s, asked_s, side="right") - 1
        assert read_burnt(found.frames).tolist() == numbers[shown].tolist()

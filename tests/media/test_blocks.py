"""A seek in audio is believed only if its blocks lie where those from the start do."""

import fractions

import av
import numpy as np
import pytest

from mmfusion.media.audio import read_audio
from mmfusion.media.blocks import blocks_after_seek, blocks_from_start, mono
from mmfusion.media.container import open_container
from mmfusion.media.limits import Limits
from mmfusion.media.streams import audio_stream


def starts(path, from_s, blocks):
    with open_container(path, Limits()) as container:
        found = blocks(container, audio_stream(container), from_s)
        return found if found is None else [(time_s, frame.samples) for time_s, frame in found]


@pytest.mark.parametrize(("suffix", "codec"), [("mkv", "aac"), ("mkv", "libopus"), ("mp4", "aac")])
def test_blocks_after_a_seek_are_those_of_the_whole(tmp_path, write_burnt, suffix, codec):
    path = write_burnt(tmp_path / f"a.{suffix}", audio=codec)
    whole, part = starts(path, 0.0, blocks_from_start), starts(path, 3.0, blocks_after_seek)
    assert part[0][0] < 3.0 - 0.1
    counts = [count for _, count in whole]
    ends_s = whole[0][0] + np.cumsum(counts) / 48_000  # as audio is joined: by its samples
    begins_s = dict(zip(np.round(ends_s - np.array(counts) / 48_000, 5), counts, strict=True))
    assert [begins_s.get(round(time_s, 5)) for time_s, _ in part] == [count for _, count in part]


def test_what_was_rounded_before_stays_on_the_grid(tmp_path, write_burnt, burnt_lag):
    """MP4 made of Matroska: exact ticks of times that are rounded to milliseconds."""
    source, path = write_burnt(tmp_path / "a.mkv", audio="aac"), tmp_path / "a.mp4"
    with av.open(str(source)) as before, av.open(str(path), "w") as after:
        stream = after.add_stream_from_template(before.streams.audio[0])
        for packet in before.demux(audio=0):
            if packet.size:
                packet.stream = stream
                after.mux(packet)
    whole = read_audio(path)
    for start_s in (2.2, 2.5, 3.1, 3.3):
        part = read_audio(path, window_s=(start_s, start_s + 0.5)).samples
        first = round(start_s * whole.rate_hz)
        np.testing.assert_allclose(part, whole.samples[first : first + len(part)], atol=1e-3)


def test_timestamps_off_the_grid_are_not_believed(tmp_path):
    """Blocks whose rounded timestamps drift against their samples, as from a live source."""
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8_000, layout="mono")
        for number in range(200):  # 20 ms of samples every 20.3 ms
            packet = av.Packet(bytes(320))
            packet.stream, packet.time_base = stream, fractions.Fraction(1, 10_000)
            packet.pts = packet.dts = number * 203
            packet.duration = 200
            container.mux(packet)
    assert starts(path, 3.0, blocks_after_seek) is None
    whole, part = read_audio(path), read_audio(path, window_s=(3.0, 3.5))
    assert len(part.holes) == len([h for h in whole.holes if 24_000 <= h[0] < 28_000])


def test_a_seek_beyond_the_end(tmp_path, write_burnt):
    path = write_burnt(tmp_path / "a.mp4", audio="aac")
    assert starts(path, 9.0, blocks_after_seek) is None
    found = read_audio(path, window_s=(9.0, 9.5))
    assert (found.start, found.stop) == (0, 0)
    assert found.end_s == pytest.approx(4.0, abs=0.05)


@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1"])
@pytest.mark.parametrize("kind", ["s16", "fltp"])
def test_mono(layout, kind):
    frame = av.AudioFrame(kind, layout, 100)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.sample_rate = 8_000
    found = mono(frame, {})
    assert (found.shape, found.dtype, found.any()) == ((100,), np.float32, False)

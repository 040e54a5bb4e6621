import math

import av
import numpy as np
import pytest

from mmfusion.media.container import demux, open_container
from mmfusion.media.limits import Limits
from mmfusion.media.packets import read_packets
from mmfusion.media.streams import video_stream


def packets_of(path, stop_s=math.inf, enough=lambda time_s: False, start_s=-math.inf):
    with open_container(path, Limits()) as container:
        stream = video_stream(container)
        settings = {"zero_s": 0.0, "enough": enough, "limits": Limits()}
        window_s = start_s, stop_s
        packets = demux(container, stream)
        return read_packets(path, packets, stream, window_s=window_s, **settings)


@pytest.mark.parametrize("suffix", ["mp4", "ts"])  # units after lengths, units after start codes
def test_references_are_those_that_the_decoder_keeps(tmp_path, write_media, suffix):
    path = tmp_path / f"a.{suffix}"
    write_media(path, range(0, 1000, 40), options={"bf": "2", "b-pyramid": "none"})
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.skip_frame = "NONREF"
        kept = sum(1 for _ in container.decode(video=0))
    packets = packets_of(path)
    assert 0 < packets.references.sum() == kept < len(packets.packets) == 25


def test_times_keys_and_end(tmp_path, write_media):
    path = write_media(tmp_path / "a.mp4", range(0, 1000, 100), options={"g": "5", "bf": "0"})
    packets = packets_of(path)
    np.testing.assert_allclose(packets.times_s, np.arange(10) / 10, atol=1e-3)
    assert np.flatnonzero(packets.keys).tolist() == [0, 5]
    assert packets.ended
    assert 0.9 <= packets.end_s <= 1.01


def test_reading_stops(tmp_path, write_media):
    path = write_media(tmp_path / "a.mp4", range(0, 1000, 100), options={"bf": "0"})
    packets = packets_of(path, stop_s=0.25)
    assert packets.times_s.max() == pytest.approx(0.3)
    assert not packets.ended
    assert len(packets_of(path, enough=lambda time_s: time_s == 0.0).packets) == 1


def test_what_a_window_does_not_need_is_let_go(tmp_path, write_media):
    options = {"g": "5", "bf": "0", "sc_threshold": "0"}
    path = write_media(tmp_path / "a.mp4", range(0, 2000, 100), options=options)
    packets = packets_of(path, start_s=1.25, stop_s=1.3)
    np.testing.assert_allclose(packets.times_s, [1.0, 1.1, 1.2, 1.3, 1.4], atol=1e-3)


def test_frames_shown_before_the_first_keyframe_are_left_out(tmp_path, write_media):
    path = tmp_path / "a.mkv"
    options = {"x264-params": "open-gop=1:keyint=6:min-keyint=6:scenecut=0:bframes=2:b-adapt=0"}
    write_media(path, range(0, 2000, 40), options=options)
    with open_container(path, Limits()) as container:
        stream = video_stream(container)
        packets = list(demux(container, stream))
        keys = [i for i, packet in enumerate(packets) if packet.is_keyframe]
        leading = [p for p in packets[keys[1] :] if p.pts < packets[keys[1]].pts]
        settings = {"zero_s": 0.0, "limits": Limits()}
        found = read_packets(path, packets[keys[1] :], stream, **settings)
    assert leading
    assert not {packet.pts for packet in leading} & {packet.pts for packet in found.packets}
    assert len(found.packets) == len(packets) - keys[1] - len(leading)

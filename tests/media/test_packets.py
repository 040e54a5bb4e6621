import math

import av
import numpy as np
import pytest

from mmfusion.media.container import open_container, video_stream
from mmfusion.media.limits import Limits
from mmfusion.media.packets import read_packets


def packets_of(path, stop_s=math.inf, enough=lambda time_s: False):
    with open_container(path, Limits()) as container:
        stream = video_stream(container)
        settings = {"zero_s": 0.0, "stop_s": stop_s, "enough": enough, "limits": Limits()}
        return read_packets(path, container, stream, **settings)


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

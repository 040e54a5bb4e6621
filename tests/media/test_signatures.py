"""What is not read is refused by its name; FFmpeg writes what is named."""

import av
import numpy as np
import pytest

from mmfusion.media.container import open_container
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import Limits
from mmfusion.media.signatures import name_format

WRITTEN = [  # muxer, encoder, format of frames, name
    ("mxf", "mpeg2video", "yuv420p", "MXF"),
    ("dv", "dvvideo", "yuv420p", "raw DV"),
    ("yuv4mpegpipe", "wrapped_avframe", "yuv420p", "raw video (Y4M)"),
    ("h264", "libx264", "yuv420p", "raw H.264"),
    ("hevc", "libx265", "yuv420p", "raw HEVC"),
    ("m4v", "mpeg4", "yuv420p", "raw MPEG-4"),
    ("mpeg2video", "mpeg2video", "yuv420p", "raw MPEG video"),
    ("mjpeg", "mjpeg", "yuvj420p", "still images (JPEG)"),
    ("apng", "apng", "rgb24", "still images (PNG)"),
    ("nut", "mpeg4", "yuv420p", "NUT"),
    ("rm", "rv10", "yuv420p", "RealMedia"),
    ("swf", "flv", "yuv420p", "Flash (SWF)"),
]


@pytest.mark.parametrize(("muxer", "codec", "pixels", "name"), WRITTEN)
def test_formats_that_are_refused(tmp_path, muxer, codec, pixels, name):
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w", format=muxer) as container:
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 720, 576, pixels
        stream.options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(np.full((576, 720, 3), 90, np.uint8), "rgb24")
            frame = frame.reformat(format=pixels)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(DecodeError) as error, open_container(path, Limits()):
        pass
    assert error.value.kind == "forbidden"
    assert error.value.reason == f"expected a container that is read, found {name}"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"", "a format that is not known"),
        (b"\0\0\1", "a format that is not known"),
        (b"\0\0\1\xff", "a raw stream"),
        (b"\0\0\0\1\x09\x10", "raw H.264"),
        (b"#EXTM3U\n", "a playlist (HLS)"),
        (b"ffconcat version 1.0\n", "a playlist (concat)"),
        (b'<?xml version="1.0"?><MPD>', "a playlist (DASH)"),
        (b"v=0\no=-", "a session description (SDP)"),
        (b"<html><body>404", "a page or a document of markup"),
        (b"%PDF-1.7", "PDF"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a still image (WebP)"),
    ],
)
def test_names(head, name):
    assert name_format(head) == name

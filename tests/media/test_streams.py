"""Which of several streams is read."""

import av
import pytest

from mmfusion.media.container import open_container
from mmfusion.media.limits import Limits
from mmfusion.media.streams import audio_stream, video_stream

MARKS = av.stream.Disposition


def test_audio_alone_has_no_video(tmp_path, write_media, tone):
    with open_container(write_media(tmp_path / "a.m4a", samples=tone(0.2)), Limits()) as sound:
        assert video_stream(sound) is None
        assert audio_stream(sound).codec_context.name == "aac"


def write_streams(path, streams, muxer=None):
    """A file of video streams: codec, side in pixels, frames and marks of each."""
    with av.open(str(path), "w", options=muxer or {}) as container:
        written = []
        for codec, side_px, count, marks in streams:
            stream = container.add_stream(codec, rate=25)
            stream.width = stream.height = side_px
            stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
            stream.disposition = marks
            written.append((stream, count))
        for stream, count in written:
            for number in range(count):
                frame = av.VideoFrame(stream.width, stream.height, stream.pix_fmt)
                for plane in frame.planes:
                    plane.update(bytes([100]) * plane.buffer_size)
                frame.pts = number
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return path


PLAIN, MAIN = MARKS(0), MARKS.default


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi"])
@pytest.mark.parametrize(
    ("streams", "expected"),
    [
        ([("mpeg4", 64, 9, MAIN), ("mpeg4", 32, 9, MAIN)], 64),
        ([("mpeg4", 32, 9, MAIN), ("mpeg4", 64, 9, MAIN)], 64),  # the larger
        ([("mjpeg", 128, 1, MAIN), ("mpeg4", 64, 9, PLAIN)], 64),  # never a still
        ([("mpeg4", 64, 1, PLAIN)], 64),  # unless it is all there is
    ],
)
def test_a_film_before_a_still_and_the_larger(tmp_path, suffix, streams, expected):
    if suffix == "ts" and streams[0][0] == "mjpeg":
        pytest.skip("MPEG-TS has no mjpeg")
    path = write_streams(tmp_path / f"a.{suffix}", streams)
    with open_container(path, Limits()) as container:
        assert video_stream(container).codec_context.width == expected


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_the_default_before_the_larger(tmp_path, suffix):
    streams = [("mpeg4", 64, 5, PLAIN), ("mpeg4", 32, 5, MARKS.default)]
    with open_container(write_streams(tmp_path / f"a.{suffix}", streams), Limits()) as container:
        assert video_stream(container).codec_context.width == 32


def test_cover_art_is_no_video(tmp_path):
    streams = [("mpeg4", 32, 5, PLAIN), ("mjpeg", 64, 1, MARKS.attached_pic | MARKS.default)]
    with open_container(write_streams(tmp_path / "a.mp4", streams), Limits()) as container:
        assert video_stream(container).codec_context.width == 32


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "avi"])
def test_one_frame_of_a_codec_for_films_is_a_still(tmp_path, suffix):
    streams = [("mpeg4", 64, 1, MAIN), ("mpeg4", 32, 50, PLAIN)]
    with open_container(write_streams(tmp_path / f"a.{suffix}", streams), Limits()) as container:
        assert video_stream(container).codec_context.width == 32


def test_the_default_audio(tmp_path, tone):
    path = tmp_path / "a.mka"
    with av.open(str(path), "w", format="matroska") as container:
        streams = [container.add_stream("flac", rate=hz) for hz in (8_000, 16_000)]
        streams[0].disposition, streams[1].disposition = PLAIN, MAIN
        for stream in streams:
            frame = av.AudioFrame(format="s16", layout="mono", samples=stream.rate)
            frame.sample_rate, frame.pts = stream.rate, 0
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    with open_container(path, Limits()) as container:
        assert audio_stream(container).codec_context.sample_rate == 16_000

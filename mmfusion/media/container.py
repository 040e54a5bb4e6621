"""Opening a file for reading: regular, of a known format, and with no way to another file."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import av

from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import Limits
from mmfusion.media.signatures import HEAD_BYTES, name_format
from mmfusion.media.streams import audio_stream, video_stream

# Demuxers that read one file and nothing else. Playlists (hls, concat, dash), session descriptions
# (sdp), still images, raw streams and devices are left out; FFmpeg refuses them before it reads
# their content.
FORMATS = (
    "aac,ac3,aiff,amr,asf,au,avi,caf,eac3,flac,flv,gif,ivf,matroska,mov,mp3,mpeg,mpegts,nistsphere,"
    "ogg,w64,wav"
)
OPTIONS = {"protocol_whitelist": "fd", "format_whitelist": FORMATS}
# An MP4 header describes all its streams: no decoder needs to run to find out.
HEADER_ONLY = {"codec_whitelist": "none"}


@contextlib.contextmanager
def open_container(path: str | Path, limits: Limits) -> Iterator[av.container.InputContainer]:
    """Opens a media file for reading.

    The file is opened once, by us, and FFmpeg gets the descriptor and the `fd` protocol alone:
    whatever the content asks for, no other file and no socket can be opened.

    Args:
        path: Path of a regular file.
        limits: `Limits`.

    Yields:
        `av.container.InputContainer`, closed afterwards. It belongs to one thread.

    Raises:
        DecodeError: if the file is not a regular file, or not of an allowed format, or too large.
    """
    descriptor = open_regular(path, limits)
    try:
        container = _open_input(path, descriptor)
        with container:
            if not container.streams.video and not container.streams.audio:
                raise DecodeError("no_streams", path, "expected video or audio, found neither")
            yield container
    finally:
        os.close(descriptor)


def open_regular(path: str | Path, limits: Limits) -> int:
    """Opens a regular file of at most `limits.file_bytes` and returns its descriptor.

    Raises:
        DecodeError: of kind `"missing"`, `"not_a_file"`, `"empty"` or `"limit_bytes"`.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a FIFO won't hang
    except FileNotFoundError as error:
        raise DecodeError("missing", path, "no such file") from error
    except PermissionError as error:
        raise DecodeError("missing", path, "no permission to read it") from error
    except (OSError, ValueError) as error:  # symlink loop, socket, over-long name, NUL
        raise DecodeError("not_a_file", path, f"expected a regular file: {error}") from error
    status = os.fstat(descriptor)
    try:
        if not stat.S_ISREG(status.st_mode):
            raise DecodeError("not_a_file", path, "expected a regular file")
        if status.st_size == 0:
            raise DecodeError("empty", path, "the file has zero bytes")
        if status.st_size > limits.file_bytes:
            reason = f"expected at most {limits.file_bytes} bytes, found {status.st_size}"
            raise DecodeError("limit_bytes", path, reason)
    except DecodeError:
        os.close(descriptor)
        raise
    return descriptor


def demux(
    container: av.container.InputContainer, *streams: av.stream.Stream
) -> Iterator[av.Packet]:
    """Yields the streams' packets that have content. A damaged file ends where FFmpeg gives up."""
    packets = container.demux(*streams)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError, IndexError):  # PyAV: a stream that comes late
            return
        if packet.size:
            yield packet


def zero_s(container: av.container.InputContainer) -> float:
    """Time zero of a clip: the start of its earliest stream, on the container's own time."""
    return (container.start_time or 0) / av.time_base


def _open_input(path, descriptor):
    options = {**OPTIONS, "fd": str(descriptor)}
    try:
        if os.pread(descriptor, 4, 4) == b"ftyp":
            container = av.open("fd:", options={**options, **HEADER_ONLY})
            if _is_described(container):
                return container
            container.close()
            os.lseek(descriptor, 0, os.SEEK_SET)
        return av.open("fd:", options=options)
    except MemoryError:
        raise
    except av.error.ArgumentError as error:
        reason = f"expected a container that is read, found {_name(descriptor)}"
        raise DecodeError("forbidden", path, reason) from error
    except (av.error.FFmpegError, ValueError, UnicodeDecodeError) as error:
        problem = getattr(error, "strerror", error)
        reason = f"expected an audio or video file, found {_name(descriptor)}: {problem}"
        raise DecodeError("not_media", path, reason) from error


def _name(descriptor):
    return name_format(os.pread(descriptor, HEAD_BYTES, 0))


def _is_described(container):
    video, audio = video_stream(container), audio_stream(container)
    return bool(
        (video is None or video.codec_context.width)
        and (audio is None or audio.codec_context.sample_rate)
    )

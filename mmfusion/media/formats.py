"""What can be believed of each container: where a seek leads, its timestamps and its length."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from pathlib import Path
from typing import Literal

import av

AV_TYPES = ("audio", "video")
FAR_S = 1.0  # a start further than that from zero makes lengths ambiguous
EBML, SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
HEAD_BYTES = 4096

# Whose keyframes, references and order of frames `packets.py` understands.
PLANNED = {
    *("av1", "libaom-av1", "libdav1d", "vp8", "vp9", "libvpx-vp9", "h264", "hevc"),
    *("flv", "h263", "mpeg1video", "mpeg2video", "mpeg4", "msmpeg4", "msmpeg4v2", "wmv1", "wmv2"),
}
# Whose headers tell keyframes and B-frames, where the container does not.
FORWARD = {"mpeg4"}
# Whose packets decode alike wherever decoding starts, but for the first few.
FRAMED = {
    *("aac", "ac3", "alac", "eac3", "flac", "libopus", "opus"),
    *("mp1float", "mp2float", "mp3", "mp3float"),
}
# Whose packets in AVI hold equal numbers of samples, or of bytes.
EVEN_IN_AVI = ("aac", "ac3", "adpcm_ima_wav", "adpcm_ms", "mp2", "mp3", "pcm_")


@dataclasses.dataclass(frozen=True)
class Format:
    """What can be believed of one container.

    Args:
        seeks: bool. Its index leads to the packet asked for.
        stamps: str. `"shown"`: packets say when their frames are shown. `"slots"`: one place in
            time for each packet, in the order of decoding. `"counted"`: too few have any.
        restarts: bool. Timestamps may start again, where two files were joined.
        jitter_s: float. Timestamps of audio that far off are carelessness, not holes.
        length: bool. The header says how long it is, unless it is zero.
    """

    seeks: bool = False
    stamps: Literal["shown", "slots", "counted"] = "shown"
    restarts: bool = False
    jitter_s: float = 0.015  # shorter than a lost packet
    length: bool = False


FORMATS = {
    "aiff": Format(seeks=True, length=True),
    "asf": Format(stamps="slots", length=True),
    "au": Format(seeks=True, length=True),
    "avi": Format(seeks=True, stamps="slots", length=True),
    "caf": Format(seeks=True, length=True),
    "flac": Format(restarts=True, length=True),
    "flv": Format(restarts=True),
    "matroska": Format(seeks=True, restarts=True, length=True),
    "mov": Format(seeks=True, length=True),
    "mpeg": Format(stamps="counted", restarts=True, jitter_s=0.1),
    "mpegts": Format(restarts=True),
    "nistsphere": Format(length=True),
    "ogg": Format(restarts=True),
    "w64": Format(seeks=True, length=True),
    "wav": Format(seeks=True, length=True),
}
OTHER = Format()


def format_of(container: av.container.InputContainer) -> Format:
    """What can be believed of an open container."""
    return FORMATS.get(container.format.name.split(",")[0], OTHER)


def says_when_shown(
    container: av.container.InputContainer, stream: av.video.stream.VideoStream
) -> bool:
    """Whether each packet says when its frame is shown and where decoding can start."""
    stamps, codec = format_of(container).stamps, stream.codec_context
    intra = codec.codec.intra_only
    if stamps == "slots":
        return intra or (codec.name in FORWARD and not codec.has_b_frames)
    if stamps == "counted":
        return codec.name in ("mpeg1video", "mpeg2video")
    return intra or codec.name in PLANNED


def seeks_frames(
    path: str | Path, container: av.container.InputContainer, stream: av.video.stream.VideoStream
) -> bool:
    """Whether a seek to a frame leads there; else the file is read from its start."""
    return _is_indexed(path, container, stream)


def seeks_samples(
    path: str | Path, container: av.container.InputContainer, stream: av.audio.stream.AudioStream
) -> bool:
    """Whether samples after a seek are those that reading from the start yields."""
    name = stream.codec_context.name
    if name.startswith("pcm_"):
        return _is_indexed(path, container, stream)
    boxes = container.format.name.split(",")[0] in ("mov", "matroska")
    return boxes and name in FRAMED and _is_indexed(path, container, stream)


def counts_samples(
    container: av.container.InputContainer, stream: av.audio.stream.AudioStream
) -> bool:
    """Whether audio is timed by its samples alone: AVI has no timestamps, and misjudges some."""
    name = stream.codec_context.name
    return container.format.name == "avi" and not name.startswith(EVEN_IN_AVI)


def is_whole(path: str | Path) -> bool:
    """Whether a Matroska file is one segment that ends where its header says."""
    return segment_end(path) == os.path.getsize(path)


def segment_end(path: str | Path) -> int:
    """Where the first segment of a Matroska file ends, in bytes; 0 if it does not say."""
    with open(path, "rb") as file:
        head = file.read(HEAD_BYTES)
    at = _element_end(head, len(EBML)) if head.startswith(EBML) else 0
    return _element_end(head, at + len(SEGMENT)) if head[at:].startswith(SEGMENT) else 0


def _element_end(head, at):
    """Where an EBML element ends whose length stands `at` there; 0 if that is not known."""
    first = head[at : at + 1]
    if not first or not first[0]:
        return 0
    width = 9 - first[0].bit_length()
    length = int.from_bytes(head[at : at + width], "big") ^ (1 << 7 * width)
    return 0 if length == (1 << 7 * width) - 1 else at + width + length


def _is_indexed(path, container, stream):
    if not format_of(container).seeks:
        return False
    name = container.format.name.split(",")[0]
    if name == "matroska":
        return bool(container.duration) and is_whole(path)
    if name in ("mov", "avi") and isinstance(stream, av.video.stream.VideoStream):
        return 0 < stream.frames <= len(stream.index_entries)
    return name != "mov" or stream.frames > 0


def header_end_s(container: av.container.InputContainer, stream: av.stream.Stream) -> float:
    """Where a stream ends by its header, in seconds from time zero; 0 if the header does not say.

    Matroska keeps it in a tag, for which FFmpeg may put the length of the file.
    """
    zero_s = (container.start_time or 0) / av.time_base
    if "DURATION" in stream.metadata:
        with contextlib.suppress(ValueError):
            hours, minutes, seconds = map(float, stream.metadata["DURATION"].split(":"))
            return 3600 * hours + 60 * minutes + seconds - zero_s
    if not stream.duration:
        return 0.0
    ticks = (stream.start_time or 0) + stream.duration
    return float(ticks * stream.time_base) - zero_s  # type: ignore[operator]


def says_length(path: str | Path, container: av.container.InputContainer) -> bool:
    """Whether the header of an open container says how long it is, and can be believed."""
    name, start_s = container.format.name.split(",")[0], (container.start_time or 0) / av.time_base
    if not format_of(container).length or not container.duration:
        return False
    if name == "mov":  # one in fragments counts no frames
        return all(stream.frames for stream in container.streams if stream.type in AV_TYPES)
    if name == "avi":  # a writer that could not go back leaves a number of frames at random
        return all(s.frames <= len(s.index_entries) for s in container.streams.video)
    if name == "matroska" and not 0 < os.path.getsize(path) <= segment_end(path):
        return False
    return start_s < FAR_S  # else some write a length there, and some an end

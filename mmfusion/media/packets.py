"""The packets of a stretch of video and what can be known about each without decoding it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np

from mmfusion.media.container import demux
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import Limits

START_CODE = re.compile(rb"\x00\x00\x01(.)", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Packets:
    """Compressed frames in the order of decoding; the first is a keyframe.

    Args:
        packets: list of N `av.Packet`.
        times_s: float64 array (N,). When each frame is shown, from time zero.
        keys: bool array (N,). True where decoding can start.
        references: bool array (N,). False for frames that no other refers to.
        end_s: float. Where the last frame ends.
        ended: bool. True if the stream has no more.
    """

    packets: list
    times_s: np.ndarray
    keys: np.ndarray
    references: np.ndarray
    end_s: float
    ended: bool


def read_packets(
    path: str | Path,
    container: av.container.InputContainer,
    stream: av.video.stream.VideoStream,
    *,
    zero_s: float,
    stop_s: float,
    enough: Callable[[float], bool],
    limits: Limits,
) -> Packets:
    """Reads packets from where the container stands.

    Args:
        path: Path, for messages.
        container: open container.
        stream: its video stream.
        zero_s: float. Time zero in the container's own time.
        stop_s: float. Reading stops when all frames up to here are there.
        enough: callable of the time of the first keyframe that returns whether that one
            frame will do.
        limits: `Limits`.

    Returns:
        `Packets`.

    Raises:
        DecodeError: if there are more frames than `limits.frames`.
    """
    base_s = float(stream.time_base)  # type: ignore[arg-type]  # an open stream has one
    kept: list[av.Packet] = []
    stamps_s, ended = [], True
    for packet in demux(container, stream):
        if _stamp(packet) is None or not (kept or packet.is_keyframe):
            continue
        time_s = _stamp(packet) * base_s - zero_s
        kept.append(packet)
        stamps_s.append(time_s)
        if len(kept) > limits.frames:
            reason = f"expected at most {limits.frames} frames, found more"
            raise DecodeError("limit_frames", path, reason)
        decoded_s = time_s if packet.dts is None else packet.dts * base_s - zero_s
        if decoded_s > stop_s or (len(kept) == 1 and enough(time_s)):
            ended = False
            break
    times_s = np.array(stamps_s, np.float64)
    lasts_s = [(packet.duration or 0) * base_s for packet in kept]
    return Packets(
        kept,
        times_s,
        np.array([packet.is_keyframe for packet in kept], bool),
        _references(kept, stream),
        max(times_s + lasts_s, default=0.0),
        ended,
    )


def _stamp(packet):
    return packet.dts if packet.pts is None else packet.pts


def _references(packets, stream):
    """False for frames that no other refers to, as H.264 and some containers mark them."""
    kept = np.array([not packet.is_disposable for packet in packets], bool)
    if stream.codec_context.name != "h264":
        return kept
    extradata = stream.codec_context.extradata or b""
    length_bytes = (extradata[4] & 3) + 1 if len(extradata) > 4 and extradata[0] == 1 else 0
    return kept & np.array([_h264_is_reference(packet, length_bytes) for packet in packets], bool)


def _h264_is_reference(packet, length_bytes):
    """Whether the first slice of an H.264 frame has a `nal_ref_idc` other than zero."""
    headers = _h264_unit_headers(memoryview(packet), length_bytes)
    return next((bool(header & 0x60) for header in headers if header & 0x1F in (1, 2, 5)), True)


def _h264_unit_headers(data, length_bytes):
    """First byte of each unit; units follow their length, or a start code if that has 0 bytes."""
    if not length_bytes:
        yield from (match[1][0] for match in START_CODE.finditer(data))
        return
    at = 0
    while at + length_bytes < len(data):
        yield data[at + length_bytes]
        at += length_bytes + int.from_bytes(data[at : at + length_bytes], "big")

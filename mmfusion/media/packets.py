"""The packets of a stretch of video and what can be known about each without decoding it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable
from pathlib import Path

import av
import numpy as np

from mmfusion.media.errors import DecodeError
from mmfusion.media.h264 import is_entry, is_reference, length_bytes
from mmfusion.media.limits import Limits

ORDER_FRAMES = 4  # as many frames late are enough where times of decoding are reliable to one
DELAY_FRAMES = 17  # no codec stores a frame further than that before it is shown


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
    packets: Iterable[av.Packet],
    stream: av.video.stream.VideoStream,
    *,
    zero_s: float,
    window_s: tuple[float, float] = (-math.inf, math.inf),
    enough: Callable[[float], bool] = lambda time_s: False,
    limits: Limits,
) -> Packets:
    """Reads packets from where the container stands.

    The first packet counts as a keyframe. Frames that are shown before it are left out: they cannot
    be decoded.

    Args:
        path: Path, for messages.
        packets: iterable of the stream's packets; of an iterator, the rest stays unread.
        stream: their video stream.
        zero_s: float. Time zero in the container's own time.
        window_s: pair of float. What comes before the last keyframe up to its start is let go,
            and reading stops when all frames up to its end are there.
        enough: callable of the time of the first keyframe that returns whether that one
            frame will do.
        limits: `Limits`.

    Returns:
        `Packets`.

    Raises:
        DecodeError: if there are more frames than `limits.frames`.
    """
    base_s = float(stream.time_base)  # type: ignore[arg-type]  # an open stream has one
    start_s, stop_s = window_s
    is_entry, patience = entry_test(stream), ORDER_FRAMES if _reorders(stream) else 1
    kept: list[tuple[av.Packet, float, bool]] = []  # with its time, and whether it is a keyframe
    count, after, ended = 0, 0, True
    for packet in packets:
        stamp, key = stamp_of(packet), not count or is_entry(packet)
        if stamp is None:
            continue
        count += 1
        if count > limits.frames:
            reason = f"expected at most {limits.frames} frames, found more"
            raise DecodeError("limit_frames", path, reason)
        time_s = stamp * base_s - zero_s
        if key and time_s <= start_s:
            kept.clear()
        if kept and time_s < kept[0][1]:
            continue
        kept.append((packet, time_s, key))
        after += time_s > stop_s
        decoded_s = -math.inf if packet.dts is None else packet.dts * base_s - zero_s
        past = after >= (patience if decoded_s > stop_s else DELAY_FRAMES)
        if past or (count == 1 and enough(time_s)):
            ended = False
            break
    return _gathered(kept, stream, ended)


def stamp_of(packet: av.Packet) -> int | None:
    """When a packet's frame is shown in ticks of its stream, else when it is decoded."""
    return packet.dts if packet.pts is None else packet.pts


def frame_s(stream: av.video.stream.VideoStream) -> float:
    """How long a frame is shown if nothing says so: by the mean rate, 0 if that is not known."""
    rate = stream.average_rate or stream.guessed_rate
    return float(1 / rate) if rate else 0.0


def entry_test(stream: av.video.stream.VideoStream) -> Callable[[av.Packet], bool]:
    """A function of a packet of that stream: whether decoding can start there."""
    if stream.codec_context.name != "h264":
        return lambda packet: packet.is_keyframe
    width = length_bytes(stream.codec_context.extradata)
    return lambda packet: packet.is_keyframe and is_entry(packet, width)


def _gathered(kept, stream, ended):
    packets = [packet for packet, _, _ in kept]
    times_s = np.array([time_s for _, time_s, _ in kept], np.float64)
    keys = np.array([key for _, _, key in kept], bool)
    base_s, usual_s = float(stream.time_base), frame_s(stream)
    lasts_s = [packet.duration * base_s if packet.duration else usual_s for packet in packets]
    end_s = max(times_s + lasts_s, default=0.0)
    return Packets(packets, times_s, keys, _references(packets, stream), end_s, ended)


def _reorders(stream):
    return bool(stream.codec_context.has_b_frames)


def _references(packets, stream):
    """False for frames that no other refers to, as H.264 and some containers mark them."""
    kept = np.array([not packet.is_disposable for packet in packets], bool)
    if stream.codec_context.name != "h264":
        return kept
    width = length_bytes(stream.codec_context.extradata)
    return kept & np.array([is_reference(packet, width) for packet in packets], bool)

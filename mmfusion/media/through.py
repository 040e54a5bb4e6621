"""Every frame of a video from its start, with the time it is shown, whatever its timestamps."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import av

from mmfusion.media.errors import DecodeError
from mmfusion.media.formats import format_of
from mmfusion.media.packets import frame_s, stamp_of
from mmfusion.media.source import Source

ASTRAY_S = 0.5  # a timestamp further than that from where counting leads is believed


def decode_through(source: Source) -> Iterator[tuple[av.VideoFrame, float, float]]:
    """Yields every frame in the order in which they are shown.

    Args:
        source: `Source`, at its start.

    Yields:
        Tuple of a frame, when it is shown and when it ends, in seconds from time zero.

    Raises:
        DecodeError: if there are more frames than `limits.frames`.
    """
    placing = {"shown": _shown, "slots": _slots, "counted": _counted}
    stamps = format_of(source.container).stamps
    if stamps == "counted" and source.planned:
        stamps = "shown"
    last_s = -math.inf
    base_s, usual_s = source.base_s, frame_s(source.stream)
    for count, (frame, time_s) in enumerate(placing[stamps](source), start=1):
        if count > source.limits.frames:
            reason = f"expected at most {source.limits.frames} frames, found more"
            raise DecodeError("limit_frames", source.path, reason)
        if time_s is None or time_s <= last_s:  # none, or one that cannot be
            time_s = max(last_s + usual_s, 0.0)
        length_s = frame.duration * base_s if frame.duration else usual_s
        yield frame, time_s, time_s + length_s
        last_s = time_s


def decode_packet(context: av.VideoCodecContext, packet: av.Packet | None) -> list[av.VideoFrame]:
    """The frames that a packet brings out; none if it is damaged. `None` brings out the last."""
    try:
        return context.decode(packet)
    except MemoryError:
        raise
    except av.error.FFmpegError:
        return []


def _shown(source):
    """Frames by their own timestamps, from the first keyframe on."""
    base_s, packets = source.base_s, source.packets()
    first = next(packets, None)
    if first is None:
        return
    first_stamp = stamp_of(first) if source.planned else None
    for frame in _frames(source, itertools.chain([first], packets)):
        stamp = frame.dts if frame.pts is None else frame.pts
        if stamp is None:
            yield frame, None
        elif first_stamp is None or stamp >= first_stamp:
            yield frame, stamp * base_s - source.zero_s


def _slots(source):
    """Frames by the places of their packets, which are in the order of decoding.

    The k-th frame that is shown takes the k-th place. All that is stored before a keyframe is
    shown before it, so its place tells how many frames were lost.
    """
    places, numbers, keys = [], {}, set()  # of packets; their numbers by timestamp; keyframes
    context, rank, shown = source.stream.codec_context, 0, []
    for packet in itertools.chain(source.packets(), [None]):
        if packet is not None:
            numbers[packet.pts] = len(places)
            if packet.is_keyframe:
                keys.add(len(places))
            places.append(packet.pts if packet.dts is None else packet.dts)
        for frame in decode_packet(context, packet):
            number = numbers.get(frame.pts, -1)
            if number in keys:
                rank, shown = number + sum(other > number for other in shown), []
            shown.append(number)
            place = places[min(rank, len(places) - 1)]
            yield frame, None if place is None else place * source.base_s - source.zero_s
            rank += 1
    context.flush_buffers()


def _counted(source):
    """Frames at an even rate, for files that put a timestamp to a few of them and often miss."""
    base_s, usual_s, due_s = source.base_s, frame_s(source.stream), None
    for frame in _frames(source, source.packets()):
        stamp_s = None if frame.pts is None else frame.pts * base_s - source.zero_s
        if due_s is None:
            due_s = stamp_s or 0.0
        elif stamp_s is not None and abs(stamp_s - due_s) > ASTRAY_S:
            due_s = stamp_s
        yield frame, due_s
        due_s += usual_s


def _frames(source, packets):
    context = source.stream.codec_context
    for packet in itertools.chain(packets, [None]):
        yield from decode_packet(context, packet)
    context.flush_buffers()

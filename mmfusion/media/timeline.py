"""One timeline over streams whose timestamps start again, as where two recordings were joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import av

from mmfusion.media.container import demux

BACK_S = 0.2  # timestamps of decoding never go back; less than this is a careless writer
AHEAD_S = 60.0  # further ahead than this of every stream is another recording, not a hole


class RestartError(Exception):
    """The timestamps of a stream start again."""


def unbroken(packets: Iterable[av.Packet]) -> Iterator[av.Packet]:
    """Yields the packets of one stream as long as its timestamps go on.

    Raises:
        RestartError: where they start again: `one_timeline` of the whole file goes on from there.
    """
    last_s: dict[int, float] = {}
    for packet in packets:
        if packet.dts is not None and packet.time_base:
            now_s = float(packet.dts * packet.time_base)
            if _restarts(now_s, last_s, 0, is_ordered=True):
                raise RestartError
            last_s[0] = now_s
        yield packet


def one_timeline(
    container: av.container.InputContainer, *wanted: av.stream.Stream
) -> Iterator[av.Packet]:
    """Yields the packets of some streams; where all timestamps start again, they are moved on.

    What comes after a restart begins where the longest stream ended before it, and all streams
    are moved by the same time, so they stay together. The other streams of audio and video are
    read as well, so that whoever reads another stream of the file finds the same moves.

    Args:
        container: open container, at its start.
        *wanted: the streams whose packets are yielded.

    Yields:
        `av.Packet`, its timestamps changed in place after a restart.
    """
    streams = [*container.streams.video, *container.streams.audio]
    indices = {stream.index for stream in wanted}
    moves_s, end_s = [0.0], 0.0  # of each recording; where the last one ends
    parts = {other.index: 0 for other in streams}  # the recording that a stream is in
    lasts_s: list[dict[int, float]] = [{}]  # last timestamp of each stream of a recording
    for packet in demux(container, *streams):
        index = packet.stream_index
        stamp = packet.pts if packet.dts is None else packet.dts
        if stamp is not None and packet.time_base:
            base_s = float(packet.time_base)
            now_s, seen_s = stamp * base_s, lasts_s[parts[index]]
            if _restarts(now_s, seen_s, index, is_ordered=packet.dts is not None):
                parts[index] += 1
                if parts[index] == len(moves_s):
                    moves_s.append(end_s - now_s)
                    lasts_s.append({})
            move_s = moves_s[parts[index]]
            lasts_s[parts[index]][index] = now_s
            end_s = max(end_s, now_s + move_s + (packet.duration or 0) * base_s)
            if move_s:
                _shift(packet, round(move_s / base_s))
        if index in indices:
            yield packet


def _restarts(now_s, seen_s, index, *, is_ordered):
    if not is_ordered or index not in seen_s:
        return False
    return now_s < seen_s[index] - BACK_S or now_s > max(seen_s.values()) + AHEAD_S


def _shift(packet, ticks):
    if packet.pts is not None:
        packet.pts += ticks
    if packet.dts is not None:
        packet.dts += ticks

"""The decoded frames on screen at some times: seek, decode what they need, leave out the rest."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator

import numpy as np

from mmfusion.media.packets import frame_s
from mmfusion.media.plan import EPSILON_S, SLIDE_S, choose, group_times, route
from mmfusion.media.source import Source
from mmfusion.media.through import decode_packet, decode_through

SEEK_S = 2.0  # what lies before this is quicker read through
SEEKS_BACK_S = (0.0, 12.0, math.inf)  # how far before the wanted time: some formats miss keyframes


@dataclasses.dataclass
class Stretch:
    """A run of wanted times and what a video has for it; certain once its shots are read.

    Args:
        group: int array (G,). The indices of the wanted times.
        picked_s: float array (G,), ascending. Time of the frame that is picked for each.
        first_s: float. Time of the first frame that was searched.
        end_s: float. Where the last one ends if the video ends there, else infinity.
        shots: iterator of `(g, frame, time_s)`: for each g below G the decoded frame nearest to
            `picked_s[g]`. It is that very frame unless the file is damaged.
    """

    group: np.ndarray
    picked_s: np.ndarray
    first_s: float
    end_s: float
    shots: Iterator


def stretches(source: Source, times_s: np.ndarray, *, tolerance_s: float) -> Iterator[Stretch]:
    """Yields the `Stretch`es of ascending times; read the shots of one before the next."""
    if not source.planned:
        yield _through(source, times_s)
        return
    for group in group_times(times_s, source.keyframe_before):
        wanted_s = times_s[group]
        packets = _read_around(source, wanted_s, tolerance_s, at_start=group[0] == 0)
        if packets.packets:
            marks = packets.times_s, packets.keys, packets.references
            picks = choose(*marks, wanted_s, tolerance_s=tolerance_s)
            picked_s = np.sort(packets.times_s[picks])
            shots = _nearest(_decode(source, packets, picks), picked_s)
            shown_s = np.sort(packets.times_s)
            end_s = source.end_of(shown_s, packets.end_s) if packets.ended else math.inf
            yield Stretch(group, picked_s, shown_s[0], end_s, shots)


def _through(source, times_s):
    """All wanted times as one stretch that is read from the start."""
    stretch = Stretch(
        np.arange(len(times_s)), np.full(len(times_s), np.nan), math.inf, math.inf, iter(())
    )
    stretch.shots = _on_screen(source, times_s, stretch)
    return stretch


def _on_screen(source, times_s, stretch):
    """Yields `(i, frame, time_s)`: for each ascending time the last frame shown by then."""
    i, last, shown_s, ends_s = 0, None, [], 0.0
    for frame, time_s, until_s in decode_through(source):
        last = last or (frame, time_s)
        shown_s, ends_s = [*shown_s[-1:], time_s], until_s
        stretch.first_s = min(stretch.first_s, time_s)
        while i < len(times_s) and times_s[i] < time_s - EPSILON_S:
            stretch.picked_s[i] = last[1]
            yield i, *last
            i += 1
        if i == len(times_s):
            return
        last = frame, time_s
    stretch.end_s = source.end_of(np.array(shown_s), ends_s)
    if last is not None:
        for j in range(i, len(times_s)):
            stretch.picked_s[j] = last[1]
            yield j, *last


def _read_around(source, wanted_s, tolerance_s, *, at_start):
    stop_s = wanted_s[-1] + tolerance_s
    if not source.seeks:
        return source.read_on((wanted_s[0], stop_s))
    if at_start and wanted_s[0] <= SEEK_S:
        return source.read(stop_s)
    near_s = tolerance_s if frame_s(source.stream) <= SLIDE_S else 0.0
    for back_s in SEEKS_BACK_S:
        source.seek(wanted_s[0] - back_s)
        packets = source.read(stop_s, lambda time_s: np.abs(wanted_s - time_s).max() <= near_s)
        alone = packets.ended and len(packets.packets) == 1  # how long it lasts, others tell
        if packets.packets and packets.times_s[0] <= wanted_s[0] + EPSILON_S and not alone:
            break
    return packets


def _decode(source, packets, picks):
    """Yields frames and their times, decoding what `picks` needs. Damaged packets yield nothing."""
    context, base_s = source.stream.codec_context, source.base_s
    order, fresh = route(packets.times_s, packets.keys, packets.references, picks)
    queue = []
    for i, restart in zip(order, fresh, strict=True):
        queue += [None] * bool(restart and queue) + [packets.packets[i]]
    context.flush_buffers()
    for packet in [*queue, None]:
        for frame in decode_packet(context, packet):
            stamp = frame.dts if frame.pts is None else frame.pts
            if stamp is not None:
                yield frame, stamp * base_s - source.zero_s
        if packet is None:
            context.flush_buffers()


def _nearest(decoded, targets_s):
    """Yields `(i, frame, time_s)`: for each ascending target the nearest of the decoded frames."""
    i, last = 0, None
    for shot in decoded:
        while i < len(targets_s) and targets_s[i] <= shot[1]:
            before = last is not None and targets_s[i] - last[1] < shot[1] - targets_s[i]
            yield i, *(last if before else shot)
            i += 1
        if i == len(targets_s):
            return
        last = shot
    if last is not None:
        yield from ((j, *last) for j in range(i, len(targets_s)))

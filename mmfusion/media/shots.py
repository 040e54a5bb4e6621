"""The decoded frames nearest to some times: seek, decode what they need, leave out the rest."""

from __future__ import annotations

import contextlib
import dataclasses
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np

from mmfusion.media.container import video_stream, zero_s
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import Limits
from mmfusion.media.packets import Packets, read_packets
from mmfusion.media.plan import choose, group_times, route

SEEK_S = 2.0  # what lies before this is quicker read through
SEEKS_BACK_S = (0.0, 12.0, math.inf)  # how far before the wanted time: some formats miss keyframes
BEFORE_START_S = 10.0  # a seek to there finds the first packet of any format


@dataclasses.dataclass(frozen=True)
class Stretch:
    """A run of wanted times and what a video has for it.

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


def open_source(
    path: str | Path, container: av.container.InputContainer, *, exact: bool, limits: Limits
) -> Source | None:
    """The video stream of an open container, ready to be decoded, or `None` without video.

    Raises:
        DecodeError: if its frames are larger than `limits.pixels`.
    """
    stream = video_stream(container)
    if stream is None:
        return None
    context = stream.codec_context
    if context.width * context.height > limits.pixels:
        reason = f"expected at most {limits.pixels} pixels, found {context.width}x{context.height}"
        raise DecodeError("limit_pixels", path, reason)
    context.thread_count = 1  # for a few small frames, threads cost as much as they gain
    loop_filter = {} if exact else {"skip_loop_filter": "nokey"}
    context.options = {"max_pixels": str(limits.pixels), **loop_filter}
    return Source(path, container, stream, zero_s(container), limits)


@dataclasses.dataclass(frozen=True)
class Source:
    """An open container, its video stream and what reading them depends on."""

    path: str | Path
    container: av.container.InputContainer
    stream: av.video.stream.VideoStream
    zero_s: float
    limits: Limits

    def seek(self, time_s: float) -> None:
        """Goes to the last keyframe before `time_s`, or stays where seeking is impossible."""
        offset = self._offset(max(time_s, -BEFORE_START_S))
        with contextlib.suppress(av.error.FFmpegError):
            self.container.seek(offset, stream=self.stream)

    def keyframe_before(self, time_s: float) -> int:
        """The number of the last keyframe before `time_s` in the file's index, or -1."""
        return self.stream.index_entries.search_timestamp(self._offset(time_s))

    def read(
        self, stop_s: float, enough: Callable[[float], bool] = lambda time_s: False
    ) -> Packets:
        """The packets from here to `stop_s`, or one keyframe if that is `enough`."""
        return read_packets(
            self.path,
            self.container,
            self.stream,
            zero_s=self.zero_s,
            stop_s=stop_s,
            enough=enough,
            limits=self.limits,
        )

    def _offset(self, time_s):
        """A time in the unit of the stream."""
        return int((time_s + self.zero_s) / self.stream.time_base)


def stretches(source: Source, times_s: np.ndarray, *, tolerance_s: float) -> Iterator[Stretch]:
    """Yields the `Stretch`es of ascending times; read the shots of one before the next."""
    for group in group_times(times_s, source.keyframe_before):
        wanted_s = times_s[group]
        packets = _read_around(source, wanted_s, tolerance_s, at_start=group[0] == 0)
        if packets.packets:
            marks = packets.times_s, packets.keys, packets.references
            picks = choose(*marks, wanted_s, tolerance_s=tolerance_s)
            picked_s = np.sort(packets.times_s[picks])
            shots = _nearest(_decode(source, packets, picks), picked_s)
            end_s = packets.end_s if packets.ended else math.inf
            yield Stretch(group, picked_s, packets.times_s.min(), end_s, shots)


def _read_around(source, wanted_s, tolerance_s, *, at_start):
    stop_s = wanted_s[-1] + tolerance_s
    if at_start and wanted_s[0] <= SEEK_S:
        return source.read(stop_s)
    for back_s in SEEKS_BACK_S:
        source.seek(wanted_s[0] - back_s)
        packets = source.read(stop_s, lambda time_s: np.abs(wanted_s - time_s).max() <= tolerance_s)
        if (packets.times_s <= wanted_s[0]).any():
            break
    return packets


def _decode(source, packets, picks):
    """Yields frames and their times, decoding what `picks` needs. Damaged packets yield nothing."""
    context, base_s = source.stream.codec_context, float(source.stream.time_base)
    order, fresh = route(packets.times_s, packets.keys, packets.references, picks)
    queue = []
    for i, restart in zip(order, fresh, strict=True):
        queue += [None] * bool(restart and queue) + [packets.packets[i]]
    context.flush_buffers()
    for packet in [*queue, None]:
        for frame in _frames(context, packet):
            stamp = frame.dts if frame.pts is None else frame.pts
            if stamp is not None:
                yield frame, stamp * base_s - source.zero_s
        if packet is None:
            context.flush_buffers()


def _frames(context, packet):
    try:
        return context.decode(packet)
    except MemoryError:
        raise
    except av.error.FFmpegError:
        return []


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

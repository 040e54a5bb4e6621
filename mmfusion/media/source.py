"""The video of an open container: its packets from the start or from a seek, and their times."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np

from mmfusion.media.container import demux, zero_s
from mmfusion.media.errors import DecodeError
from mmfusion.media.formats import header_end_s, says_length, says_when_shown, seeks_frames
from mmfusion.media.limits import Limits
from mmfusion.media.packets import Packets, entry_test, read_packets
from mmfusion.media.plan import SLIDE_S
from mmfusion.media.streams import video_stream
from mmfusion.media.timeline import one_timeline

BEFORE_START_S = 10.0  # a seek to there finds the first packet of any format


@dataclasses.dataclass
class Source:
    """An open container, its video stream and what reading them depends on.

    Args:
        path: Path, for messages.
        container: open container.
        stream: its video stream.
        limits: `Limits`.
        planned: bool. Packets say when their frames are shown: only what is needed is decoded.
        seeks: bool. A seek leads to the keyframe asked for; else all is read from the start.
        shown_s: pair of float. When the last frame ends at the earliest and at the latest, by a
            header that can be believed: Matroska has no lengths of frames, and those of MP4 are
            between times of decoding.
        length_s: float. Of the file by its header, 0 if that does not say.
    """

    path: str | Path
    container: av.container.InputContainer
    stream: av.video.stream.VideoStream
    limits: Limits
    planned: bool
    seeks: bool
    shown_s: tuple[float, float]
    length_s: float

    def __post_init__(self) -> None:
        self.zero_s = zero_s(self.container)
        self.base_s = float(self.stream.time_base)  # type: ignore[arg-type]  # an open one has it
        self.at_start = True
        self._rest: Iterator[av.Packet] | None = None

    def packets(self) -> Iterator[av.Packet]:
        """The stream's packets from the first that can be decoded where the container stands.

        At the start of a file that may be one from which frames become right by and by.
        """
        read = demux if self.seeks else one_timeline
        packets = read(self.container, self.stream)
        if not self.planned:
            return packets
        is_entry = entry_test(self.stream)
        return itertools.dropwhile(
            lambda packet: not (packet.is_keyframe if self.at_start else is_entry(packet)), packets
        )

    def seek(self, time_s: float) -> None:
        """Goes to the last keyframe before `time_s`, or stays where seeking is impossible."""
        self.at_start = time_s == -math.inf
        offset = self._offset(max(time_s, -BEFORE_START_S))
        with contextlib.suppress(av.error.FFmpegError):
            self.container.seek(offset, stream=self.stream)

    def keyframe_before(self, time_s: float) -> int:
        """The number of the last keyframe before `time_s` in the file's index, or -1."""
        if not self.seeks:
            return -1
        return self.stream.index_entries.search_timestamp(self._offset(time_s))

    def read(
        self, stop_s: float, enough: Callable[[float], bool] = lambda time_s: False
    ) -> Packets:
        """The packets from here to `stop_s`, or one keyframe if that is `enough`."""
        return self._read(self.packets(), (-math.inf, stop_s), enough)

    def end_of(self, times_s: np.ndarray, end_s: float) -> float:
        """Where the video ends, if these are the times of its last frames and they end `end_s`.

        Args:
            times_s: float array (N,), ascending.
            end_s: float, by the frames themselves.
        """
        earliest_s, latest_s = self.shown_s
        slide = len(times_s) == 1 or (len(times_s) > 1 and times_s[-1] - times_s[-2] > SLIDE_S)
        stays_s = self.length_s if slide else 0.0  # the last slide, to the end of the file
        return max(max(times_s[-1:], default=0.0), stays_s, earliest_s, min(end_s, latest_s))

    def read_on(self, window_s: tuple[float, float]) -> Packets:
        """The packets of a window, for a source that cannot seek; windows must ascend."""
        packets = self._rest or self.packets()
        found = self._read(packets, window_s, lambda time_s: False)
        self._rest = itertools.chain(found.packets, packets)  # the next may need what is here
        return found

    def _read(self, packets, window_s, enough):
        return read_packets(
            self.path,
            packets,
            self.stream,
            zero_s=self.zero_s,
            window_s=window_s,
            enough=enough,
            limits=self.limits,
        )

    def _offset(self, time_s):
        """A time in the unit of the stream."""
        return int((time_s + self.zero_s) / self.stream.time_base)


def open_source(
    path: str | Path, container: av.container.InputContainer, *, exact: bool, limits: Limits
) -> Source | None:
    """The video stream of an open container, ready to be decoded, or `None` without video.

    Args:
        path: Path of its file.
        container: open container.
        exact: bool. `False` leaves out the loop filter.
        limits: `Limits`.

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
    planned = says_when_shown(container, stream)
    seeks = planned and seeks_frames(path, container, stream)
    header_s = header_end_s(container, stream) if seeks else 0.0
    matroska = container.format.name.startswith("matroska")
    shown_s = (header_s, math.inf) if matroska else (0.0, header_s or math.inf)
    length_s = (container.duration or 0) / av.time_base if says_length(path, container) else 0.0
    return Source(path, container, stream, limits, planned, seeks, shown_s, length_s)

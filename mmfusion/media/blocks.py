"""Blocks of audio of an open container, from its start or from a seek that proves right."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator

import av
import numpy as np

from mmfusion.media.container import demux, zero_s
from mmfusion.media.formats import counts_samples
from mmfusion.media.timeline import one_timeline, unbroken

SEEK_S = 2.0  # what lies before this is quicker read through
SETTLE_S = 0.7  # decoders settle in it after a seek
GRID_PACKETS, GRID_BLOCKS = 8, 3  # from which the grid of blocks is taken, and blocks at least
ROUNDED_S = 0.001  # Matroska's, FLV's and ASF's unit

Block = tuple[float, av.AudioFrame]  # when it starts, in seconds from time zero, and its samples


def blocks_from_start(
    container: av.container.InputContainer, stream: av.audio.stream.AudioStream, from_s: float = 0.0
) -> Iterator[Block]:
    """Yields all blocks of a stream of a container that stands at its start, whatever `from_s`.

    Raises:
        RestartError: where its timestamps start again; `blocks_of_joined` goes on from there.
    """
    _discard_others(container, stream)
    return _timed(container, stream, unbroken(demux(container, stream)))


def blocks_of_joined(
    container: av.container.InputContainer, stream: av.audio.stream.AudioStream, from_s: float = 0.0
) -> Iterator[Block]:
    """The same of a file whose timestamps start again; the other streams are read as well."""
    return _timed(container, stream, one_timeline(container, stream))


def blocks_after_seek(
    container: av.container.InputContainer, stream: av.audio.stream.AudioStream, from_s: float
) -> Iterator[Block] | None:
    """The blocks from shortly before a time, as reading from the start would find them.

    Timestamps may be rounded, by this container or by one before: they must lie on the grid that
    the first blocks span, or the seek is not believed.

    Args:
        container: open container, at its start.
        stream: its audio stream, one that `formats.seeks_samples`.
        from_s: float, from time zero.

    Returns:
        iterator of `Block`; `None` if the stream has to be read from its start, from a fresh
        container.
    """
    _discard_others(container, stream)
    base_s, rate_hz = float(stream.time_base or 0), stream.codec_context.sample_rate
    exact = stream.codec_context.name.startswith("pcm_") and base_s * rate_hz <= 1
    on_grid = (lambda time_s: time_s) if exact else _grid(container, stream)
    with contextlib.suppress(av.error.FFmpegError):
        ticks = (from_s - SETTLE_S + zero_s(container)) / base_s
        container.seek(int(ticks), stream=stream)
    stream.codec_context.flush_buffers()
    blocks, before = _timed(container, stream, demux(container, stream)), []
    for time_s, frame in blocks:
        place_s = on_grid(time_s)
        if place_s is None:
            return None
        before.append((place_s, frame))
        if place_s > from_s:
            break
    if not before or before[0][0] > from_s:
        return None
    rest = ((time_s if (s := on_grid(time_s)) is None else s, frame) for time_s, frame in blocks)
    return itertools.chain(before[1:], rest) if len(before) > 1 else None


def _discard_others(container, stream):
    for other in container.streams:
        if other.index != stream.index:
            other.discard = av.stream.Discard.all


def _grid(container, stream) -> Callable[[float], float | None]:
    """A function of a rounded time that returns the time on the grid of the first blocks."""
    packets = itertools.islice(demux(container, stream), GRID_PACKETS)
    first = list(_timed(container, stream, packets))
    if len(first) < GRID_BLOCKS:
        return lambda time_s: None
    start_s, head = first[0][0], first[0][1].samples
    counts = {frame.samples for _, frame in first[1:]}
    step = counts.pop() if len(counts) == 1 else 0
    rate_hz, slack_s = first[0][1].sample_rate, max(float(stream.time_base), ROUNDED_S)

    def on_grid(time_s):
        if not step:
            return None
        steps = round((time_s - start_s - head / rate_hz) * rate_hz / step)
        place_s = start_s + (head + steps * step) / rate_hz
        return place_s if abs(place_s - time_s) <= 1.01 * slack_s else None

    return on_grid


def _timed(container, stream, packets):
    """Yields `Block`s: by their timestamps, or by counting where those cannot be believed."""
    base_s, zero = float(stream.time_base), zero_s(container)
    counts, time_s = counts_samples(container, stream), None
    for frame in _frames(stream, packets):
        if time_s is None or not (counts or frame.pts is None):
            time_s = 0.0 if frame.pts is None else frame.pts * base_s - zero
        yield time_s, frame
        time_s += frame.samples / frame.sample_rate


def _frames(stream, packets):
    """The stream's frames, with those that the decoder holds back; damaged packets yield none."""
    for packet in itertools.chain(packets, [None]):
        try:
            frames = stream.codec_context.decode(packet)
        except MemoryError:
            raise
        except av.error.FFmpegError:
            continue
        yield from (frame for frame in frames if frame.samples)


def mono(frame: av.AudioFrame, mixers: dict) -> np.ndarray:
    """A frame as mono samples: stereo averaged, more channels weighed as FFmpeg does it.

    Args:
        frame: `av.AudioFrame`. Its timestamp is lost.
        mixers: dict that is kept between frames of one stream, at first empty.

    Returns:
        float32 array (N,).
    """
    channels, frames = frame.layout.nb_channels, [frame]
    if frame.format.name != "fltp" or channels > 2:
        key = frame.format.name, frame.layout.name, frame.sample_rate
        if key not in mixers:
            layout, options = ("mono", {"rematrix_maxval": "1.0"}) if channels > 2 else (None, None)
            mixers[key] = av.AudioResampler("fltp", layout, options=options)
        frame.pts = None
        frames = mixers[key].resample(frame)
    return _mean(frames[0]) if len(frames) == 1 else np.zeros(0, np.float32)


def _mean(frame):
    planes = [np.frombuffer(plane, np.float32, frame.samples) for plane in frame.planes]
    return planes[0] if len(planes) == 1 else (planes[0] + planes[1]) * np.float32(0.5)

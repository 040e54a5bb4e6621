"""Pictures picked by timestamp, upright and scaled, decoding as few as it takes."""

import contextlib
import dataclasses
import math

import av
import numpy as np
from av.video.reformatter import VideoReformatter

from mmfusion.media.container import open_container, picture_stream, zero_s
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import DEFAULT_LIMITS, Limits
from mmfusion.media.packets import read_packets
from mmfusion.media.picture import orientation, to_rgb, turn
from mmfusion.media.plan import choose, group_times, route

SEEK_S = 2.0  # what lies before this is quicker read through
SEEKS_BACK_S = (0.0, 12.0, math.inf)  # how far before the wanted time: some formats miss keyframes
BEFORE_START_S = 10.0  # a seek to there finds the first packet of any format
EPSILON_S = 1e-6


@dataclasses.dataclass(frozen=True)
class Frames:
    """Pictures picked for T times.

    Args:
        frames: uint8 array (T, H, W, 3), RGB, upright. Zeros where there is no picture.
        times_s: float64 array (T,). Timestamp of each picture from clock zero, NaN for none.
        mask: bool array (T,). False where the video has no picture for the time asked.
        end_s: float. Where the pictures end; infinity if that was not looked for.
    """

    frames: np.ndarray
    times_s: np.ndarray
    mask: np.ndarray
    end_s: float


def read_frames(path, times_s, *, size_px=None, exact=False, limits=DEFAULT_LIMITS):
    """Reads the pictures of a video at the times asked for.

    Args:
        path: Path of a video file.
        times_s: float array (T,), ascending, from clock zero: the start of the earliest stream.
        size_px: int. Height H and width W, by area averaging. `None` keeps the stored size.
        exact: bool. `True` takes the nearest picture and decodes it exactly. `False` takes, of the
            pictures within half a step of the time asked, one that needs little decoding, and
            leaves out the loop filter.
        limits: `Limits`.

    Returns:
        `Frames`, or `None` if the file has no picture.

    Raises:
        DecodeError: if the file cannot be read, or costs more than `limits`.
        ValueError: if `times_s` does not ascend.
    """
    with open_container(path, limits) as container:
        return frames_of(path, container, times_s, size_px=size_px, exact=exact, limits=limits)


def frames_of(path, container, times_s, *, size_px, exact, limits):
    """`read_frames` of a container that is open already."""
    times_s = np.asarray(times_s, np.float64)
    steps_s = np.diff(times_s)
    if not np.isfinite(times_s).all() or (steps_s < 0).any():
        raise ValueError(f"`times_s` must be finite and ascend. Received: times_s={times_s}")
    half_s = steps_s[steps_s > 0].min() / 2 if steps_s.any() else 0.0
    stream = picture_stream(container)
    if stream is None:
        return None
    _configure(path, stream.codec_context, exact=exact, limits=limits)
    source = _Source(path, container, stream, zero_s(container), limits)
    images, found_s, off_s = {}, np.full(len(times_s), np.nan), np.zeros(len(times_s))
    first_s, end_s = math.inf, math.inf
    for group, packets, picks in _stretches(source, times_s, 0.0 if exact else half_s):
        end_s = packets.end_s if packets.ended else math.inf
        first_s = min(first_s, packets.times_s.min())
        off_s[group] = np.abs(packets.times_s[picks] - times_s[group])
        decoded = _decode(source, packets, picks)
        shots = _nearest(decoded, np.sort(packets.times_s[picks]))
        for i, image, time_s in _images(shots, size_px):
            images[group[i]], found_s[group[i]] = image, time_s
    height_px, width_px, _ = next(iter(images.values())).shape if images else (size_px or 0,) * 3
    frames = np.zeros((len(times_s), height_px, width_px, 3), np.uint8)
    for i, image in images.items():
        for channel in range(3):  # three strided copies are ten times as quick as one of triples
            frames[i, ..., channel] = image[..., channel]
    # A picture stands for its time if it is as near as planned, or within half a step all the same.
    near = np.abs(found_s - times_s) <= np.maximum(off_s, half_s) + EPSILON_S
    mask = near & (times_s >= first_s - half_s - EPSILON_S) & (times_s <= end_s + half_s)
    frames[~mask] = 0
    return Frames(frames, np.where(mask, found_s, np.nan), mask, end_s)


def read_video(path, *, size_px=None, limits=DEFAULT_LIMITS):
    """Reads every picture of a video, exactly decoded.

    Args:
        path: Path of a video file.
        size_px: int. Height H and width W, by area averaging. `None` keeps the stored size.
        limits: `Limits`.

    Returns:
        `Frames`, or `None` if the file has no picture.

    Raises:
        DecodeError: if the file cannot be read, or costs more than `limits`.
    """
    with open_container(path, limits) as container:
        stream = picture_stream(container)
        if stream is None:
            return None
        source = _Source(path, container, stream, zero_s(container), limits)
        times_s = np.sort(_read(source, math.inf).times_s)
    return read_frames(path, times_s, size_px=size_px, exact=True, limits=limits)


@dataclasses.dataclass(frozen=True)
class _Source:
    """An open container, its video stream and what reading them depends on."""

    path: str
    container: av.container.InputContainer
    stream: av.video.stream.VideoStream
    zero_s: float
    limits: Limits

    def seek(self, time_s):
        """Goes to the last keyframe before `time_s`, or stays where seeking is impossible."""
        time_s = max(time_s, -BEFORE_START_S) + self.zero_s
        offset = int(time_s / self.stream.time_base)
        with contextlib.suppress(av.error.FFmpegError):
            self.container.seek(offset, stream=self.stream)

    def keyframe_before(self, time_s):
        """The number of the last keyframe before `time_s` in the file's index, or -1."""
        offset = int((time_s + self.zero_s) / self.stream.time_base)
        return self.stream.index_entries.search_timestamp(offset)


def _configure(path, context, *, exact, limits):
    if context.width * context.height > limits.pixels:
        reason = f"expected at most {limits.pixels} pixels, found {context.width}x{context.height}"
        raise DecodeError("limit_pixels", path, reason)
    context.thread_count = 1  # on two cores threads gain nothing: setting them up eats it
    context.options = {"max_pixels": str(limits.pixels)}
    if not exact:
        context.options = {**context.options, "skip_loop_filter": "nokey"}


def _stretches(source, times_s, tolerance_s):
    """Yields runs of wanted times: their indices, packets around them, and the packet of each."""
    for group in group_times(times_s, source.keyframe_before):
        wanted_s = times_s[group]
        if not len(wanted_s):
            continue
        stop_s = wanted_s[-1] + tolerance_s
        if wanted_s[0] <= SEEK_S:
            packets = _read(source, stop_s)
        else:
            for back_s in SEEKS_BACK_S:
                source.seek(wanted_s[0] - back_s)
                packets = _read(source, stop_s, (wanted_s, tolerance_s))
                if (packets.times_s <= wanted_s[0]).any():
                    break
        if packets.packets:
            marks = packets.times_s, packets.keys, packets.references
            yield group, packets, choose(*marks, wanted_s, tolerance_s=tolerance_s)


def _read(source, stop_s, one_will_do=None):
    """Reads packets up to `stop_s`; with `one_will_do`, a keyframe near all its times is enough."""
    wanted_s, tolerance_s = one_will_do or (np.array([math.inf]), 0.0)
    return read_packets(
        source.path,
        source.container,
        source.stream,
        zero_s=source.zero_s,
        stop_s=stop_s,
        enough=lambda time_s: tolerance_s and np.abs(wanted_s - time_s).max() <= tolerance_s,
        limits=source.limits,
    )


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


def _images(shots, size_px):
    """Turns the frames of `_nearest` into upright RGB arrays, each frame once."""
    reformatter, last, signs = VideoReformatter(), None, None
    for i, frame, time_s in shots:
        if frame is not last:
            signs = signs or orientation(frame)
            width_px, height_px = (size_px, size_px) if size_px else (frame.width, frame.height)
            image = to_rgb(reformatter, frame, width_px=width_px, height_px=height_px)
            image, last = turn(image, signs), frame
        yield i, image, time_s

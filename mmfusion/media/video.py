"""Frames on screen at given times, upright and scaled, decoding as few as it takes."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import VideoReformatter

from mmfusion.media.container import open_container
from mmfusion.media.image import orientation, to_rgb, turn
from mmfusion.media.limits import DEFAULT_LIMITS, Limits
from mmfusion.media.plan import EPSILON_S
from mmfusion.media.shots import stretches
from mmfusion.media.source import open_source
from mmfusion.media.through import decode_through


@dataclasses.dataclass(frozen=True)
class Frames:
    """Frames picked for T times.

    Args:
        frames: uint8 array (T, H, W, 3), RGB, upright. Zeros where there is no frame.
        times_s: float64 array (T,). Timestamp of each frame from time zero, NaN for none.
        mask: bool array (T,). False where the video has no frame for the time asked.
        end_s: float. Where the frames end; infinity if that was not searched for.
    """

    frames: np.ndarray
    times_s: np.ndarray
    mask: np.ndarray
    end_s: float


def read_frames(
    path: str | Path,
    times_s: np.ndarray,
    *,
    size_px: int | None = None,
    exact: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Frames | None:
    """Reads the frames of a video that are on screen at the times asked for.

    On screen is the last frame that is shown by a time, as a viewer sees it: a slide stays until
    the next. Up to half a step before the first frame, that one is taken.

    Args:
        path: Path of a video file.
        times_s: float array (T,), ascending, from time zero: the start of the earliest stream.
        size_px: int. Height H and width W, by area averaging. `None` keeps the stored size.
        exact: bool. `True` takes the frame on screen and decodes it exactly. `False` leaves out
            the loop filter, and where the frame on screen lasts no longer than a step and 0.2 s, it
            takes, of the frames within half a step of the time asked, one that needs little
            decoding.
        limits: `Limits`.

    Returns:
        `Frames`, or `None` if the file has no video.

    Raises:
        DecodeError: if the file cannot be read, or costs more than `limits`.
        ValueError: if `times_s` does not ascend.
    """
    with open_container(path, limits) as container:
        return frames_of(path, container, times_s, size_px=size_px, exact=exact, limits=limits)


def frames_of(
    path: str | Path,
    container: av.container.InputContainer,
    times_s: np.ndarray,
    *,
    size_px: int | None,
    exact: bool,
    limits: Limits,
) -> Frames | None:
    """`read_frames` of a container that is open already."""
    times_s = np.asarray(times_s, np.float64)
    steps_s = np.diff(times_s)
    if not np.isfinite(times_s).all() or (steps_s < 0).any():
        raise ValueError(f"`times_s` must be finite and ascend. Received: times_s={times_s}")
    half_s = steps_s[steps_s > 0].min() / 2 if steps_s.any() else 0.0
    source = open_source(path, container, exact=exact, limits=limits)
    if source is None:
        return None
    images, picked_s, found_s = {}, *np.full((2, len(times_s)), np.nan)
    first_s, end_s = math.inf, 0.0
    for stretch in stretches(source, times_s, tolerance_s=0.0 if exact else half_s):
        for g, image, time_s in _images(stretch.shots, size_px):
            images[stretch.group[g]], found_s[stretch.group[g]] = image, time_s
        picked_s[stretch.group] = stretch.picked_s
        first_s, end_s = min(first_s, stretch.first_s), stretch.end_s
    # A frame will do if it is the one picked, or within half a step all the same.
    off_s = np.maximum(np.abs(picked_s - times_s), half_s) + EPSILON_S
    good = np.abs(found_s - times_s) <= off_s
    shown = (times_s >= first_s - half_s - EPSILON_S) & (times_s <= end_s + half_s)
    if (shown & ~good).any():  # damaged: the frames end with the last that could be decoded
        end_s = found_s[good].max(initial=0.0)
    mask = shown & good
    return Frames(_stack(images, mask, size_px), np.where(mask, found_s, np.nan), mask, end_s)


def read_video(
    path: str | Path, *, size_px: int | None = None, limits: Limits = DEFAULT_LIMITS
) -> Frames | None:
    """Reads every frame of a video, exactly decoded.

    Args:
        path: Path of a video file.
        size_px: int. Height H and width W, by area averaging. `None` keeps the stored size.
        limits: `Limits`.

    Returns:
        `Frames`, or `None` if the file has no video.

    Raises:
        DecodeError: if the file cannot be read, or costs more than `limits`.
    """
    with open_container(path, limits) as container:
        source = open_source(path, container, exact=True, limits=limits)
        if source is None:
            return None
        spans_s: list[tuple[float, float]] = []
        images = {i: image for i, image, _ in _images(_every(source, spans_s), size_px)}
    times_s, ends_s = np.array(spans_s).reshape(-1, 2).T
    mask = np.isin(np.arange(len(times_s)), list(images))
    end_s = source.end_of(times_s, ends_s.max(initial=0.0))
    return Frames(_stack(images, mask, size_px), np.where(mask, times_s, np.nan), mask, end_s)


def _every(source, spans_s):
    """Yields `(i, frame, time_s)` for each frame, and appends its span of time to a list."""
    for i, (frame, time_s, end_s) in enumerate(decode_through(source)):
        spans_s.append((time_s, end_s))
        yield i, frame, time_s


def _images(shots, size_px):
    """Turns the frames of shots into upright RGB arrays, each frame once."""
    reformatter, last, signs = VideoReformatter(), None, None
    size = size_px and (size_px, size_px)
    for g, frame, time_s in shots:
        if frame is not last:
            size = size or (frame.width, frame.height)
            signs = signs or orientation(frame)
            try:
                image = to_rgb(reformatter, frame, width_px=size[0], height_px=size[1])
            except av.error.FFmpegError:  # a damaged frame may claim a format that cannot be
                continue
            image, last = turn(image, signs), frame
        yield g, image, time_s


def _stack(images, mask, size_px):
    """Images by index as one array (T, H, W, 3), zeros where the mask is `False`."""
    height_px, width_px, _ = next(iter(images.values())).shape if images else (size_px or 1,) * 3
    frames = np.zeros((len(mask), height_px, width_px, 3), np.uint8)
    for i in np.flatnonzero(mask):
        for channel in range(3):  # strided copies of one channel are far quicker than of three
            frames[i, ..., channel] = images[i][..., channel]
    return frames

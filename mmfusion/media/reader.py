"""`read_media`: picture and sound of one clip on one clock."""

from __future__ import annotations

import dataclasses
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from mmfusion.media.audio import Sound, read_audio
from mmfusion.media.container import open_container
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import DEFAULT_LIMITS, Limits
from mmfusion.media.probe import MediaInfo, describe
from mmfusion.media.video import Frames, frames_of

SHORT_S = 0.25  # streams of a whole file may end that far before what the header says


@dataclasses.dataclass(frozen=True)
class Media:
    """Picture and sound of a clip, on one clock that starts with the file's earliest stream.

    Args:
        info: `MediaInfo`, what the header says.
        video: `Frames`, or `None` if the file has no picture or none was asked for.
        audio: `Sound`, or `None` if the file has no sound or none was asked for.
        truncated: bool. True if the file ends before the header says, within what was asked for.
    """

    info: MediaInfo
    video: Frames | None
    audio: Sound | None
    truncated: bool


def read_media(
    path: str | Path,
    *,
    times_s: np.ndarray | None = None,
    size_px: int | None = None,
    window_s: tuple[float, float | None] | None = None,
    rate_hz: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Media:
    """Reads picture and sound of one clip on one clock.

    Clock zero is the start of the file's earliest stream, so a stream with an offset start stays
    where it belongs.

    Args:
        path: Path of a video or sound file.
        times_s: float array (T,), ascending: the times to take a picture for. `None`: no picture.
        size_px: int. Height H and width W of a picture. `None` keeps the stored size.
        window_s: pair of float, start and end of the sound; an end of `None` is where it ends.
            `None`: no sound.
        rate_hz: int. Samples per second. `None` keeps those of the file.
        limits: `Limits`.

    Returns:
        `Media`.

    Raises:
        DecodeError: if the file cannot be read, or costs more than `limits`.
    """
    video, sound = None, None
    with open_container(path, limits) as container, ThreadPoolExecutor(1) as pool:
        info = describe(container)
        if window_s is not None and info.audio:  # beside the picture: decoders release the GIL
            sound = pool.submit(read_audio, path, rate_hz, window_s=window_s, limits=limits)
        if times_s is not None:
            video = frames_of(path, container, times_s, size_px=size_px, exact=False, limits=limits)
        audio = sound.result() if sound else None
    ends = []  # where each stream ends, was asked to and promises to end
    if video and info.video and times_s is not None and len(times_s):
        ends.append((video.end_s, times_s[-1], info.video.end_s))
    if audio and info.audio and window_s:
        asked_s = math.inf if window_s[1] is None else window_s[1]
        ends.append((audio.end_s, asked_s, info.audio.end_s))
    truncated = _is_truncated(ends, info.duration_s)
    if truncated and not (video and video.mask.any()) and not (audio and audio.stop):
        raise DecodeError("corrupt", path, "expected picture or sound, nothing could be decoded")
    return Media(info, video, audio, truncated)


def _is_truncated(ends, file_s):
    """Whether a stream ends before it promises, or all of them before the file promises."""
    a_stream = any(end_s < min(asked_s, told_s) - SHORT_S for end_s, asked_s, told_s in ends)
    the_file = all(end_s < min(asked_s, file_s) - SHORT_S for end_s, asked_s, _ in ends)
    return bool(ends) and (a_stream or the_file)

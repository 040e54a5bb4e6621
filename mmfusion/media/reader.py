"""`read_media`: frames and audio of one clip on one time axis."""

from __future__ import annotations

import dataclasses
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from mmfusion.media.audio import Audio, read_audio
from mmfusion.media.container import open_container
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import DEFAULT_LIMITS, Limits
from mmfusion.media.probe import MediaInfo, describe
from mmfusion.media.video import Frames, frames_of

SHORT_S = 0.25  # streams of a whole file may end that far before what the header says


@dataclasses.dataclass(frozen=True)
class Media:
    """Frames and audio of a clip, on one time axis that starts with the file's earliest stream.

    Args:
        info: `MediaInfo`, what the header says.
        video: `Frames`, or `None` if the file has no video or none was asked for.
        audio: `Audio`, or `None` if the file has no audio or none was asked for.
        truncated: bool. True if the file ends before the header says, within what was asked for.
    """

    info: MediaInfo
    video: Frames | None
    audio: Audio | None
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
    """Reads frames and audio of one clip on one time axis.

    Time zero is the start of the file's earliest stream, so a stream with an offset start stays
    where it belongs.

    Args:
        path: Path of a video or audio file.
        times_s: float array (T,), ascending: the times to take a frame for. `None`: no frames.
        size_px: int. Height H and width W of a frame. `None` keeps the stored size.
        window_s: pair of float, start and end of the audio; an end of `None` is where it ends.
            `None`: no audio.
        rate_hz: int. Samples per second. `None` keeps those of the file.
        limits: `Limits`.

    Returns:
        `Media`.

    Raises:
        DecodeError: if the file cannot be read, or costs more than `limits`.
    """
    video, reading = None, None
    with open_container(path, limits) as container, ThreadPoolExecutor(1) as pool:
        info = describe(path, container)
        if window_s is not None and info.audio:  # beside the frames: decoders release the GIL
            reading = pool.submit(read_audio, path, rate_hz, window_s=window_s, limits=limits)
        if times_s is not None:
            video = frames_of(path, container, times_s, size_px=size_px, exact=False, limits=limits)
        audio = reading.result() if reading else None
    ends = []  # where each stream ends, was asked to and promises to end
    if video and info.video and times_s is not None and len(times_s):
        ends.append((video.end_s, times_s[-1], info.video.end_s))
    if audio and info.audio and window_s:
        asked_s = math.inf if window_s[1] is None else window_s[1]
        ends.append((audio.end_s, asked_s, info.audio.end_s))
    truncated = _is_truncated(ends, info.duration_s)
    if truncated and not (video and video.mask.any()) and not (audio and audio.stop):
        raise DecodeError("corrupt", path, "expected video or audio, nothing could be decoded")
    return Media(info, video, audio, truncated)


def _is_truncated(ends, file_s):
    """Whether a stream ends before it promises, or all of them before the file promises."""
    a_stream = any(end_s < min(asked_s, header_s) - SHORT_S for end_s, asked_s, header_s in ends)
    the_file = all(end_s < min(asked_s, file_s) - SHORT_S for end_s, asked_s, _ in ends)
    return bool(ends) and (a_stream or the_file)

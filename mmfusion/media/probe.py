"""`probe`: what a media file holds, by its header alone."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import av

from mmfusion.media.container import open_container, zero_s
from mmfusion.media.limits import DEFAULT_LIMITS, Limits
from mmfusion.media.streams import audio_stream, video_stream


@dataclasses.dataclass(frozen=True)
class VideoInfo:
    """The video of a file.

    Args:
        width_px: int, as stored.
        height_px: int, as stored.
        fps: float. Mean frames per second; 0 if the header does not say.
        codec: str.
        end_s: float. Where the frames end, from time zero; 0 if the header does not say.
    """

    width_px: int
    height_px: int
    fps: float
    codec: str
    end_s: float


@dataclasses.dataclass(frozen=True)
class AudioInfo:
    """The audio of a file.

    Args:
        sample_rate_hz: int.
        channels: int.
        codec: str.
        end_s: float. Where the audio ends, from time zero; 0 if the header does not say.
    """

    sample_rate_hz: int
    channels: int
    codec: str
    end_s: float


@dataclasses.dataclass(frozen=True)
class MediaInfo:
    """What a media file holds.

    Args:
        duration_s: float. Length by the header; 0 if it does not say.
        start_s: float. Where the container's own time starts. All else in this package counts
            from there: time zero is the start of the earliest stream.
        video: `VideoInfo`, or `None` without video.
        audio: `AudioInfo`, or `None` without audio.
    """

    duration_s: float
    start_s: float
    video: VideoInfo | None
    audio: AudioInfo | None


def probe(path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> MediaInfo:
    """Reads what a media file holds, by its header alone.

    Args:
        path: Path of a video or audio file.
        limits: `Limits`. Only `file_bytes` matters here.

    Returns:
        `MediaInfo`.

    Raises:
        DecodeError: if the file cannot be opened as media.
    """
    with open_container(path, limits) as container:
        return describe(container)


def describe(container: av.container.InputContainer) -> MediaInfo:
    """The `MediaInfo` of an open container."""
    video, audio = None, None
    if visible := video_stream(container):
        coded, end_s = visible.codec_context, _end_s(visible, container)
        fps = float(visible.average_rate or visible.guessed_rate or 0)
        video = VideoInfo(coded.width, coded.height, fps, coded.name, end_s)
    if audible := audio_stream(container):
        codec, end_s = audible.codec_context, _end_s(audible, container)
        audio = AudioInfo(codec.sample_rate or 0, codec.channels, codec.name, end_s)
    return MediaInfo((container.duration or 0) / 1e6, zero_s(container), video, audio)


def _end_s(stream, container):
    if not stream.duration:
        return 0.0
    start = stream.start_time or 0
    return float((start + stream.duration) * stream.time_base) - zero_s(container)

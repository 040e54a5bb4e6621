"""`probe`: what a media file holds, by its header alone."""

import dataclasses

from mmfusion.media.container import open_container, picture_stream, sound_stream, zero_s
from mmfusion.media.limits import DEFAULT_LIMITS


@dataclasses.dataclass(frozen=True)
class VideoInfo:
    """The picture of a file: stored size, mean frames per second (0 if not told), codec."""

    width_px: int
    height_px: int
    fps: float
    codec: str


@dataclasses.dataclass(frozen=True)
class AudioInfo:
    """The sound of a file: samples per second, channels, codec."""

    sample_rate_hz: int
    channels: int
    codec: str


@dataclasses.dataclass(frozen=True)
class MediaInfo:
    """What a media file holds.

    Args:
        duration_s: float. Length by the header; 0 if it does not tell.
        start_s: float. Where the container's own clock starts. Everything else in this room counts
            from there: clock zero is the start of the earliest stream.
        video: `VideoInfo`, or `None` without a picture.
        audio: `AudioInfo`, or `None` without sound.
    """

    duration_s: float
    start_s: float
    video: VideoInfo | None
    audio: AudioInfo | None


def probe(path, *, limits=DEFAULT_LIMITS):
    """Reads what a media file holds, by its header alone.

    Args:
        path: Path of a video or sound file.
        limits: `Limits`. Only `file_bytes` matters here.

    Returns:
        `MediaInfo`.

    Raises:
        DecodeError: if the file cannot be opened as media.
    """
    with open_container(path, limits) as container:
        return describe(container)


def describe(container):
    """The `MediaInfo` of an open container."""
    video, audio = picture_stream(container), sound_stream(container)
    if video:
        context = video.codec_context
        fps = float(video.average_rate or video.guessed_rate or 0)
        video = VideoInfo(context.width, context.height, fps, context.name)
    if audio:
        context = audio.codec_context
        audio = AudioInfo(context.sample_rate or 0, context.channels, context.name)
    return MediaInfo((container.duration or 0) / 1e6, zero_s(container), video, audio)

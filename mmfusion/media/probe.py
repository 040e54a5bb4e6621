"""`probe`: what a media file holds, by its header, or by its packets where that is silent."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import av

from mmfusion.media.container import open_container, zero_s
from mmfusion.media.formats import header_end_s, says_length
from mmfusion.media.limits import DEFAULT_LIMITS, Limits
from mmfusion.media.packets import frame_s, stamp_of
from mmfusion.media.riff import promised_s
from mmfusion.media.streams import audio_stream, video_stream
from mmfusion.media.timeline import one_timeline


@dataclasses.dataclass(frozen=True)
class VideoInfo:
    """The video of a file.

    Args:
        width_px: int, as stored.
        height_px: int, as stored.
        fps: float. Mean frames per second; 0 if the header does not say.
        codec: str.
        end_s: float. Where the frames end, from time zero; 0 if that is not known.
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
        end_s: float. Where the audio ends, from time zero; 0 if that is not known.
    """

    sample_rate_hz: int
    channels: int
    codec: str
    end_s: float


@dataclasses.dataclass(frozen=True)
class MediaInfo:
    """What a media file holds.

    Args:
        duration_s: float. Length from the earliest start of a stream; 0 if it is not known.
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
    """Reads what a media file holds, by its header; its length by its packets if need be.

    Args:
        path: Path of a video or audio file.
        limits: `Limits`. Only `file_bytes` matters here.

    Returns:
        `MediaInfo`.

    Raises:
        DecodeError: if the file cannot be opened as media.
    """
    with open_container(path, limits) as container:
        info = describe(path, container)
        joined = container.format.name == "flac"  # may be several files, the header of the first
        return info if info.duration_s and not joined else _measured(container, info)


def describe(path: str | Path, container: av.container.InputContainer) -> MediaInfo:
    """The `MediaInfo` of an open container by its header alone: lengths are 0 if it says none."""
    video, audio, known = None, None, says_length(path, container)
    if visible := video_stream(container):
        coded, end_s = visible.codec_context, header_end_s(container, visible) if known else 0.0
        fps = float(visible.average_rate or visible.guessed_rate or 0)
        video = VideoInfo(coded.width, coded.height, fps, coded.name, end_s)
    if audible := audio_stream(container):
        codec, end_s = audible.codec_context, header_end_s(container, audible) if known else 0.0
        end_s = max(end_s, promised_s(path)) if container.format.name == "wav" else end_s
        audio = AudioInfo(codec.sample_rate or 0, codec.channels, codec.name, end_s)
    duration_s = (container.duration or 0) / av.time_base if known else 0.0
    return MediaInfo(duration_s, zero_s(container), video, audio)


def _measured(container, info):
    """The same with lengths from a container that stands at its start."""
    visible, audible = video_stream(container), audio_stream(container)
    streams = [stream for stream in (visible, audible) if stream is not None]
    ends_s = dict.fromkeys([stream.index for stream in streams], 0.0)
    lasts_s: dict[int, float] = {}
    usual_s = frame_s(visible) if visible else 0.0
    for packet in one_timeline(container, *streams):
        stamp, index = stamp_of(packet), packet.stream_index
        if stamp is not None:
            time_s = float(stamp * packet.time_base)
            gap_s = abs(time_s - lasts_s[index]) if index in lasts_s else usual_s
            length_s = float(packet.duration * packet.time_base) if packet.duration else gap_s
            ends_s[index] = max(ends_s[index], time_s + length_s - info.start_s)
            lasts_s[index] = time_s
    video, audio = info.video, info.audio
    if video and visible:
        video = dataclasses.replace(video, end_s=ends_s[visible.index])
    if audio and audible:
        audio = dataclasses.replace(audio, end_s=ends_s[audible.index])
    return MediaInfo(max(ends_s.values(), default=0.0), info.start_s, video, audio)

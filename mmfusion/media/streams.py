"""The streams of a file that a player would show and sound."""

from __future__ import annotations

import av

from mmfusion.media.formats import header_end_s

STILL_S = 0.2  # shorter than this, beside something longer, is one frame
STILL_CODECS = {"bmp", "gif", "mjpeg", "png", "tiff", "webp"}


def video_stream(container: av.container.InputContainer) -> av.video.stream.VideoStream | None:
    """The video stream that a player shows, or `None`.

    Of those that can be decoded and are no cover art: a film before a single still, then the one
    that is marked as default, then the larger frame, then the first.
    """
    marks = av.stream.Disposition
    covers = marks.attached_pic | marks.timed_thumbnails | marks.still_image
    streams = [
        stream
        for stream in container.streams.video
        if isinstance(stream.codec_context, av.VideoCodecContext)
    ]
    films = [stream for stream in streams if not stream.disposition & covers]
    if not films:  # a still without a film is shown, cover art beside audio is not
        films = [s for s in streams if not s.disposition & (covers ^ marks.still_image)]

    def rank(stream):
        codec = stream.codec_context
        area_px = codec.width * codec.height
        default = bool(stream.disposition & marks.default)
        return _is_still(container, stream), not default, -area_px, stream.index

    return min(films, key=rank, default=None)


def audio_stream(container: av.container.InputContainer) -> av.audio.stream.AudioStream | None:
    """The audio stream that a player sounds: the default one, else the first; or `None`."""
    marks = av.stream.Disposition
    streams = [
        stream
        for stream in container.streams.audio
        if isinstance(stream.codec_context, av.AudioCodecContext)
    ]

    def rank(stream):
        aside = stream.disposition & (marks.comment | marks.visual_impaired)
        return bool(aside), not stream.disposition & marks.default, stream.index

    return min(streams, key=rank, default=None)


def _is_still(container, stream):
    """Whether it holds one frame; where the header counts none, as far as the header shows."""
    if stream.frames:
        return stream.frames == 1
    brief = 0 < header_end_s(container, stream) < min(STILL_S, (container.duration or 0) / 2e6)
    return brief or stream.codec_context.name in STILL_CODECS

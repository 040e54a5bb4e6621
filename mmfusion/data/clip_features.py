"""Hand-crafted features of one clip: decoded once, each computed from its frames or its audio."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping

import numpy as np

from mmfusion.data.align import clip_text
from mmfusion.data.reading import Reading
from mmfusion.media.audio import read_audio
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import DEFAULT_LIMITS, Limits
from mmfusion.media.probe import probe
from mmfusion.media.video import read_frames
from mmfusion.specs import Clip


@dataclasses.dataclass(frozen=True)
class ClipFeatures:
    """What was computed from one clip.

    Args:
        features: dict of `"<modality>.<set>"` to float32 array `(D,)`. A clip without audio has
            no features of it, and so on.
        words: str, what is spoken in it, as it stands in the clip.
    """

    features: dict
    words: str


def clip_features(
    clip: Clip,
    reading: Reading,
    *,
    video: Mapping[str, Callable] | None = None,
    audio: Mapping[str, Callable] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> ClipFeatures:
    """Decodes a clip once and computes feature sets.

    Args:
        clip: Clip.
        reading: Reading.
        video: dict of feature set to a callable of frames, uint8 `(T, H, W, 3)`, that returns
            `(D,)`.
        audio: dict of feature set to a callable of samples `(S,)` and their rate that returns
            `(D,)`.
        limits: Limits of decoding.

    Returns:
        ClipFeatures.

    Raises:
        DecodeError: if a file of the clip cannot be read, or nothing in it is within its time.
    """
    found: dict[str, np.ndarray] = {}
    if video and (frames := _frames(clip, reading, limits)) is not None:
        found |= {f"video.{name}": describe(frames) for name, describe in video.items()}
    if audio and (samples := _samples(clip, reading, limits)) is not None:
        rate_hz = reading.sample_rate_hz
        found |= {f"audio.{name}": describe(samples, rate_hz) for name, describe in audio.items()}
    words = clip_text(clip)
    if not found and not words.strip():
        path = clip.video or clip.audio or clip.transcript or clip.id
        raise DecodeError("empty", path, "no frames, audio or words within the clip's time")
    return ClipFeatures(found, words)


def _end_s(clip, reading):
    return min(clip.end_s or math.inf, clip.start_s + reading.longest_s)


def _frames(clip, reading, limits):
    """Frames `(T, H, W, 3)` at an even rate; `None` if there is none."""
    if clip.video is None:
        return None
    end_s = min(_end_s(clip, reading), probe(clip.video, limits=limits).duration_s or math.inf)
    step_s = 1 / reading.frames_hz
    times_s = np.arange(clip.start_s + step_s / 2, max(end_s, clip.start_s + step_s), step_s)
    size_px = reading.size_px
    found = read_frames(clip.video, times_s, size_px=size_px, exact=True, limits=limits)
    return found.frames[found.mask] if found and found.mask.any() else None


def _samples(clip, reading, limits):
    """The audio `(S,)` without its holes; `None` if there is none."""
    path = clip.audio or clip.video
    if path is None:
        return None
    window_s = clip.start_s, _end_s(clip, reading)
    audio = read_audio(path, reading.sample_rate_hz, window_s=window_s, limits=limits)
    return audio.samples[audio.covered] if audio and audio.covered.any() else None

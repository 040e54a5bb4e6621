"""The hand-crafted feature sets by the names that people type."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from mmfusion.baselines.keypoints import describe_keypoints
from mmfusion.features.colour import extract_colour, extract_lab
from mmfusion.features.contrast import extract_contrast
from mmfusion.features.glcm import extract_glcm
from mmfusion.features.hog import extract_hog
from mmfusion.features.mfcc import extract_mfcc
from mmfusion.features.motion import extract_motion
from mmfusion.features.motion_history import extract_motion_history
from mmfusion.features.pitch import extract_chroma, extract_pitch
from mmfusion.features.pooling import pool_steps
from mmfusion.features.relative_motion import extract_relative_motion
from mmfusion.features.shape import extract_shape
from mmfusion.features.spectrum import extract_spectrum
from mmfusion.features.texture import extract_texture
from mmfusion.features.voice import describe_voice
from mmfusion.preprocessing.voice_activity import find_voice_by_energy, find_voice_by_silero

MEAN_AND_SPREAD = {"quantiles": (), "changes": False}
SHORTEST_S = 0.1


def describe_frames(
    extract: Callable[[np.ndarray], np.ndarray], frames: np.ndarray, **pooling: Any
) -> np.ndarray:
    """Features of the frames of a clip `(T, H, W, 3)` as one vector."""
    return pool_steps(extract(frames), **pooling)


def describe_audio(
    extract: Callable[[np.ndarray, int], np.ndarray],
    samples: np.ndarray,
    rate_hz: int,
    **pooling: Any,
) -> np.ndarray:
    """Features of what lies between the first and the last voice of a clip as one vector."""
    return pool_steps(extract(_voiced(samples, rate_hz), rate_hz), **pooling)


def describe_pauses(
    find: Callable[[np.ndarray, int], np.ndarray], samples: np.ndarray, rate_hz: int
) -> np.ndarray:
    """How voice and pauses are spread over a clip, by a function that finds voice."""
    return describe_voice(find(samples, rate_hz), len(samples) / rate_hz)


def _voiced(samples, rate_hz):
    """The audio from the first voice to the last; all of it where that is no more than a click."""
    segments_s = find_voice_by_energy(samples, rate_hz)
    if not len(segments_s) or segments_s[-1, 1] - segments_s[0, 0] < SHORTEST_S:
        return samples
    return samples[round(segments_s[0, 0] * rate_hz) : round(segments_s[-1, 1] * rate_hz)]


def _frames(extract, **pooling):
    return functools.partial(describe_frames, extract, **pooling)


def _audio(extract, **pooling):
    return functools.partial(describe_audio, extract, **pooling)


SETS: dict[str, dict[str, Callable]] = {
    "video": {
        "color": _frames(extract_colour),
        "flow": _frames(extract_motion),
        "glcm": _frames(extract_glcm),
        "history": _frames(extract_motion_history),
        "hog": _frames(extract_hog, **MEAN_AND_SPREAD),
        "lab": _frames(extract_lab),
        "motion": _frames(extract_relative_motion),
        "shape": _frames(extract_shape),
        "sift": describe_keypoints,
        "texture": _frames(extract_texture),
    },
    "audio": {
        "chroma": _audio(extract_chroma),
        "contrast": _audio(extract_contrast),
        "mfcc": _audio(extract_mfcc),
        "pitch": _audio(extract_pitch),
        "spectral": _audio(extract_spectrum),
        "vad": functools.partial(describe_pauses, find_voice_by_energy),
        "vad-silero": functools.partial(describe_pauses, find_voice_by_silero),
    },
}

"""When a video's keyframes are shown: the frames that are stored whole."""

import math
from pathlib import Path

import numpy as np

from mmfusion.media.container import open_container
from mmfusion.media.limits import DEFAULT_LIMITS, Limits
from mmfusion.media.source import open_source
from mmfusion.media.through import decode_through


def keyframe_times(path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> np.ndarray:
    """Returns the times of keyframes; in most formats without decoding a frame.

    `read_frames(path, keyframe_times(path), exact=True)` reads them; where the format can be
    searched each costs one frame's decoding only.

    Args:
        path: Path of a video file.
        limits: `Limits`.

    Returns:
        float64 array (N,), ascending, in seconds from time zero; empty if there is no video.

    Raises:
        DecodeError: if the file cannot be read, or costs more than `limits`.
    """
    with open_container(path, limits) as container:
        source = open_source(path, container, exact=True, limits=limits)
        if source is None:
            return np.zeros(0)
        if not source.planned:
            shown = decode_through(source)
            return np.array([time_s for frame, time_s, _ in shown if frame.key_frame])
        packets = source.read(math.inf)
    return np.sort(packets.times_s[packets.keys])

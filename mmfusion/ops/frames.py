"""Frames of a clip: what every step of cleaning and every feature of video takes."""

from collections.abc import Callable

import numpy as np


def check_frames(frames: np.ndarray) -> None:
    """Refuses what is not a clip of frames.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB. T may be 0, H and W may not.

    Raises:
        ValueError: if `frames` has another shape or type.
    """
    shape, kind = np.shape(frames), getattr(frames, "dtype", type(frames).__name__)
    if len(shape) != 4 or shape[-1] != 3 or 0 in shape[1:] or kind != np.uint8:
        raise ValueError(f"`frames` must be uint8 (T, H, W, 3). Received: {kind} {shape}")


def map_frames(function: Callable[[np.ndarray], np.ndarray], frames: np.ndarray) -> np.ndarray:
    """Applies a function of one frame `(H, W, 3)` to each, after `check_frames`.

    Args:
        function: callable, uint8 `(H, W, 3)` to uint8 `(H, W, 3)`.
        frames: uint8 array `(T, H, W, 3)`, RGB.

    Returns:
        uint8 array `(T, H, W, 3)`; the input is left as it is.

    Raises:
        ValueError: if `frames` has another shape or type.
    """
    check_frames(frames)
    mapped = np.empty(frames.shape, np.uint8)
    for t, frame in enumerate(frames):
        mapped[t] = function(np.ascontiguousarray(frame))
    return mapped

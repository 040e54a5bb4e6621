"""Parts of frames: a box, the centre, or what lies between black bars."""

import numpy as np

from mmfusion.ops.frames import check_frames


def crop_box(frames: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    """Cuts the same box out of each frame.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        box: ints `(top, left, height, width)` in pixels.

    Returns:
        uint8 array `(T, height, width, 3)`.

    Raises:
        ValueError: if `frames` has another shape or type, or if the box is not within them.

    Example:

    >>> crop_box(np.zeros((2, 9, 9, 3), "uint8"), (1, 2, 4, 5)).shape
    (2, 4, 5, 3)
    """
    check_frames(frames)
    top, left, height, width = box
    fits = min(top, left) >= 0 and min(height, width) >= 1
    if not fits or top + height > frames.shape[1] or left + width > frames.shape[2]:
        raise ValueError(
            f"`box` must lie within frames of {frames.shape[1]} by {frames.shape[2]} pixels. "
            f"Received: box={tuple(box)}"
        )
    return frames[:, top : top + height, left : left + width].copy()


def crop_centre(frames: np.ndarray, size_px: int) -> np.ndarray:
    """Cuts a square out of the middle of each frame.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        size_px: int. Side of the square.

    Returns:
        uint8 array `(T, size_px, size_px, 3)`.

    Raises:
        ValueError: if `frames` has another shape or type, or is smaller than the square.
    """
    check_frames(frames)
    top, left = ((length - size_px) // 2 for length in frames.shape[1:3])
    return crop_box(frames, (top, left, size_px, size_px))


def find_letterbox(frames: np.ndarray, *, darkest: float = 16) -> tuple[int, int, int, int]:
    """Finds the image between black bars, above and below or to either side.

    A row or column belongs to a bar if in no frame its mean brightness comes above `darkest`, so
    that noise in the bars does no harm.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        darkest: float. Mean brightness of a bar at most, out of 255.

    Returns:
        Ints `(top, left, height, width)`, for `crop_box`. The whole frame if nothing is brighter.

    Raises:
        ValueError: if `frames` has another shape or type.

    Example:

    >>> frames = np.zeros((2, 9, 9, 3), "uint8")
    >>> frames[1, 2:8] = 99
    >>> find_letterbox(frames)
    (2, 0, 6, 9)
    """
    check_frames(frames)
    height, width = frames.shape[1:3]
    rows, columns = np.zeros(height), np.zeros(width)  # the brightest in any frame
    for frame in frames:
        rows = np.maximum(rows, frame.mean(axis=(1, 2)))
    top, height = _span(rows > darkest)
    for frame in frames:
        columns = np.maximum(columns, frame[top : top + height].mean(axis=(0, 2)))
    left, width = _span(columns > darkest)
    return top, left, height, width


def crop_letterbox(frames: np.ndarray, *, darkest: float = 16) -> np.ndarray:
    """Cuts black bars off. See `find_letterbox` for the arguments.

    Returns:
        uint8 array `(T, H', W', 3)`.
    """
    return crop_box(frames, find_letterbox(frames, darkest=darkest))


def _span(bright):
    """First and count of the span that holds all of the bright; everything if nothing is."""
    at = np.flatnonzero(bright)
    return (int(at[0]), int(at[-1] - at[0] + 1)) if at.size else (0, bright.size)

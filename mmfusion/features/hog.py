"""Edges of frames: histograms of oriented gradients (HOG)."""

import cv2
import numpy as np

from mmfusion.ops.frames import check_frames

CELL_PX = 8
DIRECTIONS = 9


def extract_hog(frames: np.ndarray, *, size_px: int = 64) -> np.ndarray:
    """Describes where edges of which direction are in each frame.

    Frames are scaled to a square of 8 pixel cells; blocks of 2 by 2 cells are normalised.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        size_px: int. Side of that square, a multiple of 8 and at least 16.

    Returns:
        float32 array `(T, (size_px / 8 - 1) ** 2 * 36)`. A frame of one colour yields zeros, no
        frames yield no rows.

    Raises:
        ValueError: if `frames` has another shape or type, or if `size_px` is not such a multiple.

    Example:

    >>> extract_hog(np.zeros((2, 90, 120, 3), "uint8"), size_px=32).shape
    (2, 324)

    Reference:
        [Dalal and Triggs, 2005](https://doi.org/10.1109/CVPR.2005.177)
    """
    check_frames(frames)
    if size_px < 2 * CELL_PX or size_px % CELL_PX:
        raise ValueError(
            f"`size_px` must be a multiple of {CELL_PX} and at least {2 * CELL_PX}. "
            f"Received: size_px={size_px}"
        )
    size, cell = (size_px, size_px), (CELL_PX, CELL_PX)
    hog = cv2.HOGDescriptor(size, (2 * CELL_PX, 2 * CELL_PX), cell, cell, DIRECTIONS)
    edges = np.zeros((len(frames), hog.getDescriptorSize()), np.float32)
    for t, frame in enumerate(frames):
        square = cv2.resize(np.ascontiguousarray(frame), size, interpolation=cv2.INTER_AREA)
        edges[t] = np.ravel(hog.compute(square))
    return edges

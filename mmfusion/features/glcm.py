"""Texture of frames by which greys stand beside each other (grey-level co-occurrence)."""

import cv2
import numpy as np

from mmfusion.ops.frames import check_frames

DIRECTIONS = ((0, 1), (1, 1), (1, 0), (1, -1))  # down and to the right: 0, 45, 90, 135 degrees


def extract_glcm(frames: np.ndarray, *, levels: int = 16, distance_px: int = 1) -> np.ndarray:
    """Describes how greys go together in each frame, the same in all directions.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        levels: int, 2 to 256. Grey levels.
        distance_px: int. From a pixel to the other of its pair.

    Returns:
        float32 array `(T, 5)`: contrast, dissimilarity, homogeneity, energy and correlation, each
        the mean over four directions. A frame of one grey yields `0, 0, 1, 1, 1`, and so does one
        too small to hold a pair. No frames yield no rows.

    Raises:
        ValueError: if `frames` has another shape or type, or if a setting is out of range.

    Example:

    >>> extract_glcm(np.zeros((1, 8, 8, 3), "uint8"))
    array([[0., 0., 1., 1., 1.]], dtype=float32)

    Reference:
        [Haralick et al., 1973](https://doi.org/10.1109/TSMC.1973.4309314)
    """
    check_frames(frames)
    if not 2 <= levels <= 256 or distance_px < 1:
        raise ValueError(
            "`levels` must be from 2 to 256 and `distance_px` at least 1. "
            f"Received: levels={levels}, distance_px={distance_px}"
        )
    described = np.zeros((len(frames), 5), np.float32)
    for t, frame in enumerate(frames):
        grey = cv2.cvtColor(np.ascontiguousarray(frame), cv2.COLOR_RGB2GRAY)
        grey = (grey.astype(np.int64) * levels) // 256
        pairs = [_describe(one, other, levels) for one, other in _pairs(grey, distance_px)]
        described[t] = np.mean(pairs, axis=0) if pairs else [0, 0, 1, 1, 1]
    return described


def _pairs(grey, distance_px):
    """Both ends of all pairs in each direction that has any."""
    height, width = grey.shape
    for down, right in DIRECTIONS:
        down, right = down * distance_px, right * distance_px
        if down >= height or abs(right) >= width:
            continue
        left, above = max(-right, 0), max(right, 0)
        yield (
            grey[: height - down, left : width - above],
            grey[down:, above : width - left],
        )


def _describe(first, second, levels):
    """Contrast, dissimilarity, homogeneity, energy and correlation of pairs, taken both ways."""
    counts = np.bincount((first * levels + second).ravel(), minlength=levels**2)
    share = counts.reshape(levels, levels) / counts.sum()
    share = (share + share.T) / 2
    step = np.arange(levels)
    apart = np.abs(step[:, None] - step)
    mean = step @ share.sum(axis=1)
    variance = (step - mean) ** 2 @ share.sum(axis=1)
    together = (step - mean) @ share @ (step - mean)
    return [
        (share * apart**2).sum(),
        (share * apart).sum(),
        (share / (1 + apart**2)).sum(),
        np.sqrt((share**2).sum()),
        together / variance if variance > 0 else 1.0,
    ]

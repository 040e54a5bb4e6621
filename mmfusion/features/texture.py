"""Texture of frames: histograms of local binary patterns."""

import numpy as np
from skimage.color import rgb2gray
from skimage.feature import local_binary_pattern

from mmfusion.ops.frames import check_frames


def extract_texture(frames: np.ndarray, *, points: int = 8, radius_px: float = 1) -> np.ndarray:
    """Describes the texture of each frame by uniform, rotation-invariant local binary patterns.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        points: int. Neighbours that are compared with a pixel.
        radius_px: float. Their distance from it.

    Returns:
        float32 array `(T, points + 2)`: the share of pixels with each pattern.

    Raises:
        ValueError: if `frames` has another shape or type.

    Example:

    >>> extract_texture(np.zeros((2, 4, 4, 3), "uint8")).shape
    (2, 10)

    Reference:
        [Ojala et al., 2002](https://doi.org/10.1109/TPAMI.2002.1017623)
    """
    check_frames(frames)
    histograms = np.zeros((len(frames), points + 2), np.float32)
    for t, frame in enumerate(frames):
        grey = np.round(255 * rgb2gray(frame)).astype(np.uint8)
        patterns = local_binary_pattern(grey, points, radius_px, method="uniform").astype(int)
        histograms[t] = np.bincount(patterns.ravel(), minlength=points + 2) / patterns.size
    return histograms

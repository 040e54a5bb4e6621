"""Shape of what stands out in frames: Hu moments and the largest contour."""

import cv2
import numpy as np

from mmfusion.ops.frames import check_frames

SMALLEST = 1e-8  # a moment of that size has a logarithm of 0.3


def extract_shape(frames: np.ndarray) -> np.ndarray:
    """Describes the shape of the brighter part of each frame, parted from the darker by Otsu.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.

    Returns:
        float32 array `(T, 11)`: the seven Hu moments of the part as signed logarithms
        `sign(h) * log10(1 + |h| / 1e-8)`, which place, size and turning leave as they are; then of
        its largest contour the area as a share of the frame, roundness (1 for a disc), solidity
        (share of its convex hull) and extent (share of its box). A frame of one colour yields
        zeros, no frames yield no rows.

    Raises:
        ValueError: if `frames` has another shape or type.

    Example:

    >>> frames = np.zeros((1, 64, 64, 3), "uint8")
    >>> frames[:, 16:48, 16:48] = 255
    >>> extract_shape(frames)[0, 7:].round(2)
    array([0.23, 0.79, 1.  , 1.  ], dtype=float32)

    Reference:
        [Hu, 1962](https://doi.org/10.1109/TIT.1962.1057692)
    """
    check_frames(frames)
    described = np.zeros((len(frames), 11), np.float32)
    for t, frame in enumerate(frames):
        grey = cv2.cvtColor(np.ascontiguousarray(frame), cv2.COLOR_RGB2GRAY)
        if np.ptp(grey):
            part = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1]
            moments = cv2.HuMoments(cv2.moments(part, binaryImage=True))[:, 0]  # (7,)
            described[t, :7] = np.sign(moments) * np.log10(1 + np.abs(moments) / SMALLEST)
            described[t, 7:] = _contour(part)
    return described


def _contour(part):
    """Area, roundness, solidity and extent of the largest contour; zeros if it has no area."""
    contours = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    contour = max(contours, key=cv2.contourArea)
    area = cv2.contourArea(contour)
    if not area:
        return np.zeros(4)
    around, hull = cv2.arcLength(contour, True), cv2.contourArea(cv2.convexHull(contour))
    width, height = np.ptp(contour[:, 0], axis=0)  # from middle to middle of pixels, as the area
    roundness = min(4 * np.pi * area / around**2, 1)
    return np.array([area / part.size, roundness, area / hull, area / (width * height)])

"""Colour of frames: histograms of hue, saturation and value, and their moments."""

import cv2
import numpy as np

from mmfusion.ops.frames import check_frames

HUE_TO_SHARE = np.array([[1 / 360], [1], [1]], np.float32)
ROUNDING = 1e-4  # of OpenCV's; colours of 8 bits lie further from an edge, or upon it


def extract_colour(frames, *, bins=8):
    """Describes the colours of each frame.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        bins: int. Bins of each channel's histogram.

    Returns:
        float32 array `(T, 3 * bins + 6)`: the share of pixels in each bin of hue, saturation and
        value, then the mean and the standard deviation of each channel, all in [0, 1].

    Raises:
        ValueError: if `frames` has another shape or type.

    Example:

    >>> extract_colour(np.zeros((2, 4, 4, 3), "uint8"), bins=2)[0, :6]
    array([1., 0., 1., 0., 1., 0.], dtype=float32)
    """
    check_frames(frames)
    described = np.zeros((len(frames), 3 * bins + 6), np.float32)
    for t, frame in enumerate(frames):
        hsv = cv2.cvtColor(np.float32(frame) / 255, cv2.COLOR_RGB2HSV).reshape(-1, 3)
        hsv = np.ascontiguousarray(hsv.T) * HUE_TO_SHARE  # (3, H * W)
        at = np.minimum((hsv * bins + ROUNDING).astype(np.int32), bins - 1)
        shares = [np.bincount(channel, minlength=bins) / channel.size for channel in at]
        described[t] = np.concatenate([*shares, hsv.mean(axis=1), hsv.std(axis=1)])
    return described

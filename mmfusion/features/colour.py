"""Colour of frames: histograms and moments, in HSV and in CIELAB."""

import cv2
import numpy as np

from mmfusion.ops.frames import check_frames

HUE_TO_SHARE = np.array([[1 / 360], [1], [1]], np.float32)
ROUNDING = 1e-4  # of OpenCV's; colours of 8 bits lie further from an edge, or upon it


def extract_colour(frames: np.ndarray, *, bins: int = 8) -> np.ndarray:
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
        hsv = cv2.cvtColor(frame.astype(np.float32, order="C") / 255, cv2.COLOR_RGB2HSV).reshape(
            -1, 3
        )
        hsv = np.ascontiguousarray(hsv.T) * HUE_TO_SHARE  # (3, H * W)
        at = np.minimum((hsv * bins + ROUNDING).astype(np.int32), bins - 1)
        shares = [np.bincount(channel, minlength=bins) / channel.size for channel in at]
        described[t] = np.concatenate([*shares, hsv.mean(axis=1), hsv.std(axis=1)])
    return described


# Of lightness, green to red, and blue to yellow.
LOWEST = np.array([[0.0], [-127.0], [-127.0]], np.float32)
WIDTH = np.array([[100.0], [254.0], [254.0]], np.float32)


def extract_lab(frames: np.ndarray, *, bins: int = 8) -> np.ndarray:
    """Describes the colours of each frame in CIELAB, where equal distances look equally far.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        bins: int. Bins of each channel's histogram.

    Returns:
        float32 array `(T, 3 * bins + 9)`: the share of pixels in each bin of lightness (0 to 100),
        green to red and blue to yellow (-127 to 127); then the mean, the standard deviation and the
        skewness of each channel, in these units. One colour has no deviation and no skewness.

    Raises:
        ValueError: if `frames` has another shape or type, or if `bins` is below 1.

    Example:

    >>> extract_lab(np.full((1, 4, 4, 3), 255, "uint8"), bins=2)[0, :7].round()
    array([  0.,   1.,   0.,   1.,   0.,   1., 100.], dtype=float32)

    Reference:
        [Stricker and Orengo, 1995](https://doi.org/10.1117/12.205308)
    """
    check_frames(frames)
    if bins < 1:
        raise ValueError(f"`bins` must be at least 1. Received: bins={bins}")
    described = np.zeros((len(frames), 3 * bins + 9), np.float32)
    for t, frame in enumerate(frames):
        lab = cv2.cvtColor(frame.astype(np.float32, order="C") / 255, cv2.COLOR_RGB2LAB).reshape(
            -1, 3
        )
        lab = np.ascontiguousarray(lab.T)  # (3, H * W)
        at = np.clip((lab - LOWEST) * (bins / WIDTH) + 1e-4, 0, bins - 1).astype(np.int32)
        shares = [np.bincount(channel, minlength=bins) / channel.size for channel in at]
        mean = lab.mean(axis=1, dtype=np.float64)
        off = lab - mean[:, None].astype(np.float32)
        squares = off * off
        spread = np.sqrt(squares.mean(axis=1, dtype=np.float64))
        lean = (squares * off).mean(axis=1, dtype=np.float64) / np.maximum(spread, 1e-3) ** 3
        described[t] = np.concatenate([*shares, mean, spread, lean])
    return described

"""Colour of frames: histograms of hue, saturation and value, and their moments."""

import numpy as np
from skimage.color import rgb2hsv


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
    count, height, width, _ = frames.shape
    hsv = rgb2hsv(frames).reshape(count, height * width, 3)
    at = np.minimum((hsv * bins).astype(int), bins - 1) + bins * np.arange(3)  # (T, H * W, 3)
    counts = [np.bincount(frame.ravel(), minlength=3 * bins) for frame in at]
    shares = np.reshape(counts, (count, 3 * bins)) / (height * width)
    return np.concatenate([shares, hsv.mean(axis=1), hsv.std(axis=1)], axis=1).astype(np.float32)


def check_frames(frames):
    """Raises `ValueError` unless `frames` is uint8 `(T, H, W, 3)` with pixels in it."""
    shape, kind = np.shape(frames), getattr(frames, "dtype", type(frames).__name__)
    if len(shape) != 4 or shape[-1] != 3 or 0 in shape[1:] or kind != np.uint8:
        raise ValueError(f"`frames` must be uint8 (T, H, W, 3). Received: {kind} {shape}")

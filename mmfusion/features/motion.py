"""Motion of frames: dense optical flow, as histograms of its direction and its size."""

from typing import Any

import cv2
import numpy as np

from mmfusion.ops.frames import check_frames


def extract_motion(frames: np.ndarray, *, bins: int = 8) -> np.ndarray:
    """Describes how the image moves from each frame to the next, by Farneback's flow.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        bins: int. Directions, the first around to the right, then clockwise.

    Returns:
        float32 array `(T, bins + 3)`: pixels of movement in each direction, meant over the frame;
        then the mean, the standard deviation and the 95 % quantile of the movement in pixels. The
        first frame has no motion, nor has a frame under 8 pixels: zeros. No frames yield no rows.

    Raises:
        ValueError: if `frames` has another shape or type, or if `bins` is below 1.

    Example:

    >>> extract_motion(np.zeros((3, 32, 32, 3), "uint8")).shape
    (3, 11)

    Reference:
        [Farnebäck, 2003](https://doi.org/10.1007/3-540-45103-X_50)
    """
    check_frames(frames)
    if bins < 1:
        raise ValueError(f"`bins` must be at least 1. Received: bins={bins}")
    described = np.zeros((len(frames), bins + 3), np.float32)
    if min(frames.shape[1:3]) < 8:
        return described
    before = None
    for t, frame in enumerate(frames):
        grey = cv2.cvtColor(np.ascontiguousarray(frame), cv2.COLOR_RGB2GRAY)
        if before is not None:
            flow: Any = None
            flow = cv2.calcOpticalFlowFarneback(before, grey, flow, 0.5, 3, 15, 3, 5, 1.2, 0)
            described[t] = _histogram(flow, bins)
        before = grey
    return described


def _histogram(flow, bins):
    """Describes a flow `(H, W, 2)` to the right and down."""
    size, angle = cv2.cartToPolar(flow[..., 0], flow[..., 1])  # angle in [0, 2 pi)
    at = np.round(angle * (bins / (2 * np.pi))).astype(int).ravel() % bins
    shares = np.bincount(at, weights=size.ravel(), minlength=bins) / size.size
    return [*shares, size.mean(), size.std(), np.quantile(size, 0.95)]

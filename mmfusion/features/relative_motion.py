"""Motion of frames less that of the camera: how much, how unevenly and in how many directions."""

import itertools

import cv2
import numpy as np

from mmfusion.ops.frames import check_frames

SMALLEST_PX = 8
DIRECTIONS = 8


def extract_relative_motion(frames: np.ndarray) -> np.ndarray:
    """Describes what moves against the background from each frame to the next.

    The median of Farneback's flow, which is mostly the camera's, is taken away. Left and right
    count the same, so that a mirrored clip is described alike.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.

    Returns:
        float32 array `(T - 1, 13)`: pixels of movement to either side, down, up, and slantwise down
        and up, each meant over the frame; the mean, standard deviation, 95 % and 99 % quantiles and
        maximum of its size; how much it turns and how much it spreads; and the entropy of its
        directions. One frame, or frames under 8 pixels, yield one row of zeros; no frames no rows.

    Raises:
        ValueError: if `frames` has another shape or type.

    Example:

    >>> extract_relative_motion(np.zeros((3, 32, 32, 3), "uint8")).shape
    (2, 13)
    """
    check_frames(frames)
    if len(frames) < 2 or min(frames.shape[1:3]) < SMALLEST_PX:
        return np.zeros((min(len(frames), 1), 13), np.float32)
    greys = [cv2.cvtColor(np.ascontiguousarray(frame), cv2.COLOR_RGB2GRAY) for frame in frames]
    return np.array([_describe(*pair) for pair in itertools.pairwise(greys)], np.float32)


def _describe(before, after):
    flow = cv2.calcOpticalFlowFarneback(before, after, None, 0.5, 3, 15, 3, 5, 1.2, 0)
    flow -= np.median(flow.reshape(-1, 2), axis=0)
    size, angle = cv2.cartToPolar(flow[..., 0], flow[..., 1])
    at = np.round(angle * (DIRECTIONS / (2 * np.pi))).astype(int).ravel() % DIRECTIONS
    right, right_down, down, left_down, left, left_up, up, right_up = shares = (
        np.bincount(at, weights=size.ravel(), minlength=DIRECTIONS) / size.size
    )
    likely = shares / max(shares.sum(), 1e-6)
    entropy = -np.sum(likely * np.log(likely + 1e-9))
    along, across = (cv2.Sobel(flow, cv2.CV_32F, *axis) for axis in ((1, 0), (0, 1)))
    turning = np.abs(along[..., 1] - across[..., 0]).mean()
    spreading = np.abs(along[..., 0] + across[..., 1]).mean()
    return [
        *(right + left, down, up, right_down + left_down, right_up + left_up),
        *(size.mean(), size.std(), *np.quantile(size, [0.95, 0.99]), size.max()),
        *(turning, spreading, max(entropy, 0.0)),
    ]

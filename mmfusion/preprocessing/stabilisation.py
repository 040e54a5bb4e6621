"""Steady footage from a shaky camera: tracked keypoints, smoothed similarity motion."""

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d

from mmfusion.ops.frames import check_frames

POINTS = 200
FEWEST_POINTS = 4


def estimate_motion(frames: np.ndarray) -> np.ndarray:
    """How the camera moves, from keypoints tracked from each frame to the next.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.

    Returns:
        float64 array `(T, 4)`: shift to the right and down in pixels, turn in radians and the
        logarithm of the scale, about the middle of the frame and since the frame before. Zeros for
        the first frame, and where too few keypoints can be tracked.

    Raises:
        ValueError: if `frames` has another shape or type.
    """
    check_frames(frames)
    motion = np.zeros((len(frames), 4))
    before = None
    for t, frame in enumerate(frames):
        grey = cv2.cvtColor(np.ascontiguousarray(frame), cv2.COLOR_RGB2GRAY)
        if before is not None:
            motion[t] = _similarity(before, grey)
        before = grey
    return motion


def stabilise(
    frames: np.ndarray, *, smooth_steps: float = 8.0, motion: np.ndarray | None = None
) -> np.ndarray:
    """Moves each frame so that the camera's path becomes smooth.

    Pixels that move into view repeat the border's.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        smooth_steps: float. Standard deviation in frames of the Gaussian that smooths the path.
            `np.inf` holds the camera where it first stood.
        motion: floats `(T, 4)` as `estimate_motion` returns it, if already known.

    Returns:
        uint8 array `(T, H, W, 3)`.

    Raises:
        ValueError: if `frames` or `motion` has another shape or type, or if `smooth_steps` is not
            positive.

    Reference:
        [Shi and Tomasi, 1994](https://doi.org/10.1109/CVPR.1994.323794)
    """
    check_frames(frames)
    if not smooth_steps > 0:
        raise ValueError(f"`smooth_steps` must be positive. Received: smooth_steps={smooth_steps}")
    motion = estimate_motion(frames) if motion is None else np.asarray(motion, np.float64)
    if motion.shape != (len(frames), 4):
        raise ValueError(
            f"`motion` must have shape ({len(frames)}, 4). Received: shape {motion.shape}"
        )
    if not len(frames):
        return frames.copy()
    path = np.cumsum(motion, axis=0)  # (T, 4)
    smooth = path[:1] if np.isinf(smooth_steps) else _smooth(path, smooth_steps)
    height, width = frames.shape[1:3]
    steady = np.empty(frames.shape, np.uint8)
    for t, move in enumerate(smooth - path):
        matrix = _matrix(move, ((width - 1) / 2, (height - 1) / 2))
        frame = np.ascontiguousarray(frames[t])
        steady[t] = cv2.warpAffine(frame, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return steady


def _similarity(before, after):
    """Motion `(4,)` between two grey frames; zeros if it cannot be estimated."""
    points = cv2.goodFeaturesToTrack(before, POINTS, qualityLevel=0.01, minDistance=5)
    if points is None or len(points) < FEWEST_POINTS:
        return np.zeros(4)
    moved, found, _ = cv2.calcOpticalFlowPyrLK(before, after, points, None)
    found = found[:, 0] == 1
    if found.sum() < FEWEST_POINTS:
        return np.zeros(4)
    middle = (np.array(before.shape[::-1]) - 1) / 2
    start, end = (np.reshape(p[found], (-1, 2)) - middle for p in (points, moved))
    matrix, _ = cv2.estimateAffinePartial2D(start, end, ransacReprojThreshold=1.0)
    if matrix is None:
        return np.zeros(4)
    cosine, sine = matrix[:, 0]  # scaled
    shift = matrix[:, 2]
    return np.array([*shift, np.arctan2(sine, cosine), np.log(max(np.hypot(cosine, sine), 1e-6))])


def _smooth(path, steps):
    """A Gaussian over time; the path goes on beyond its ends as it came, so a pan stays a pan."""
    reach = int(np.ceil(4 * steps))
    longer = np.pad(path, ((reach, reach), (0, 0)), mode="reflect", reflect_type="odd")
    return gaussian_filter1d(longer, steps, axis=0)[reach:-reach]


def _matrix(move, middle):
    """The 2 by 3 matrix of a motion `(4,)` about the middle `(x, y)`."""
    right, down, turn, log_scale = move
    x, y = middle
    cosine, sine = np.exp(log_scale) * np.array([np.cos(turn), np.sin(turn)])
    return np.array(
        [
            [cosine, -sine, right + x - cosine * x + sine * y],
            [sine, cosine, down + y - sine * x - cosine * y],
        ]
    )

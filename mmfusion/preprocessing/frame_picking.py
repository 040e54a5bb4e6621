"""Which frames of a clip to keep: evenly spread, after a change, or one for each scene."""

import cv2
import numpy as np

from mmfusion.ops.frames import check_frames

LARGEST_PX = 256  # scenes differ as well in a small image


def pick_evenly(frames: np.ndarray, count: int) -> np.ndarray:
    """Picks frames at even distances, the middle of each of `count` equal parts.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        count: int. Frames to pick; all of them where there are fewer.

    Returns:
        int array `(N,)`: which frames, ascending.

    Raises:
        ValueError: if `frames` has another shape or type, or if `count` is below 1.

    Example:

    >>> pick_evenly(np.zeros((10, 4, 4, 3), "uint8"), 2)
    array([2, 7])
    """
    check_frames(frames)
    if count < 1:
        raise ValueError(f"`count` must be at least 1. Received: count={count}")
    count = min(count, len(frames))
    return ((np.arange(count) + 0.5) * len(frames) / max(count, 1)).astype(int)


def pick_changes(frames: np.ndarray, *, threshold: float = 8.0) -> np.ndarray:
    """Picks the first frame, and every frame that differs enough from the last one picked.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        threshold: float. Least mean difference of a pixel, out of 255.

    Returns:
        int array `(N,)`: which frames, ascending.

    Raises:
        ValueError: if `frames` has another shape or type, or if `threshold` is negative.

    Example:

    >>> levels = np.array([0, 2, 20, 21], "uint8")
    >>> pick_changes(levels[:, None, None, None].repeat(3, axis=-1))
    array([0, 2])
    """
    check_frames(frames)
    if not threshold >= 0:
        raise ValueError(f"`threshold` must be at least 0. Received: threshold={threshold}")
    picked: list[int] = []
    for t, frame in enumerate(frames):
        if not picked or cv2.absdiff(frame, frames[picked[-1]]).mean() >= threshold:
            picked.append(t)
    return np.array(picked, int)


def pick_scenes(
    frames: np.ndarray, rate_hz: float, *, threshold: float = 27.0, shortest_s: float = 0.5
) -> np.ndarray:
    """Picks the first frame of each scene, where hue, saturation and brightness jump.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        rate_hz: float. Frames per second.
        threshold: float. Mean change in HSV, out of 255, from which on a cut is reported.
        shortest_s: float. A shorter scene belongs to the one before.

    Returns:
        int array `(N,)`: which frames, ascending; the first is 0.

    Raises:
        ImportError: if `scenedetect-headless` is not installed.
        ValueError: if `frames` has another shape or type, or if a setting is out of range.

    Reference:
        [PySceneDetect](https://www.scenedetect.com/docs/latest/api/detectors.html)
    """
    try:
        from scenedetect import ContentDetector, FrameTimecode
    except ImportError as error:
        raise ImportError(
            "Cuts are found by a package: pip install scenedetect-headless"
        ) from error
    check_frames(frames)
    if not (0 < rate_hz < np.inf and threshold > 0 and shortest_s >= 0):
        raise ValueError(
            "`rate_hz` and `threshold` must be positive and `shortest_s` at least 0. "
            f"Received: rate_hz={rate_hz}, threshold={threshold}, shortest_s={shortest_s}"
        )
    shortest = round(shortest_s * rate_hz)
    detector = ContentDetector(threshold=threshold, min_scene_len=max(shortest, 1))
    cuts = [0] if len(frames) else []
    for t, frame in enumerate(frames):
        found = detector.process_frame(FrameTimecode(t, float(rate_hz)), _small(frame))
        cuts += [cut.frame_num for cut in found]
    return np.unique(np.array(cuts, int))


def _small(frame):
    """BGR with no side over 256 pixels."""
    share = min(1.0, LARGEST_PX / max(frame.shape[:2]))
    size = [max(1, round(share * side)) for side in frame.shape[1::-1]]
    small = cv2.resize(np.ascontiguousarray(frame), size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small[..., ::-1])

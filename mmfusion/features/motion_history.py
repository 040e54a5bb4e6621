"""Where and how long ago a clip moved, in one image and in numbers."""

import cv2
import numpy as np

from mmfusion.ops.frames import check_frames

SMALLEST = 1e-8  # a moment of that size has a logarithm of 0.3


def motion_history(frames: np.ndarray, *, threshold: int = 25, steps: int = 15) -> np.ndarray:
    """Draws where the frames changed, the brighter the later.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        threshold: int. Least change of grey, out of 255, that counts as motion.
        steps: int. Frames after which a motion has faded.

    Returns:
        float32 array `(T, H, W)` in [0, 1]: 1 where a frame differs from the one before, less by
        `1 / steps` for every frame since. The first frame shows nothing.

    Raises:
        ValueError: if `frames` has another shape or type, or if a setting is out of range.

    Reference:
        [Bobick and Davis, 2001](https://doi.org/10.1109/34.910878)
    """
    check_frames(frames)
    if not 0 <= threshold <= 255 or steps < 1:
        raise ValueError(
            "`threshold` must be from 0 to 255 and `steps` at least 1. "
            f"Received: threshold={threshold}, steps={steps}"
        )
    history = np.zeros(frames.shape[:3], np.float32)
    before = None
    for t, frame in enumerate(frames):
        grey = cv2.cvtColor(np.ascontiguousarray(frame), cv2.COLOR_RGB2GRAY)
        if before is not None:
            moved = cv2.absdiff(grey, before) > threshold
            history[t] = np.where(moved, 1.0, np.maximum(history[t - 1] - 1 / steps, 0))
        before = grey
    return history


def extract_motion_history(
    frames: np.ndarray, *, threshold: int = 25, steps: int = 15
) -> np.ndarray:
    """Describes the history of motion at each frame.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        threshold: int. As for `motion_history`.
        steps: int. As for `motion_history`.

    Returns:
        float32 array `(T, 10)`: the share of pixels that move now, the share that has moved of
        late, the mean brightness of the history, and its seven Hu moments as signed logarithms.
        Where nothing moves, zeros. No frames yield no rows.

    Raises:
        ValueError: if `frames` has another shape or type, or if a setting is out of range.

    Example:

    >>> extract_motion_history(np.zeros((3, 8, 8, 3), "uint8")).any()
    False
    """
    history = motion_history(frames, threshold=threshold, steps=steps)
    described = np.zeros((len(frames), 10), np.float32)
    for t, image in enumerate(history):
        moments = cv2.HuMoments(cv2.moments(image))[:, 0]  # (7,)
        described[t, :3] = (image == 1).mean(), (image > 0).mean(), image.mean()
        described[t, 3:] = np.sign(moments) * np.log10(1 + np.abs(moments) / SMALLEST)
    return described

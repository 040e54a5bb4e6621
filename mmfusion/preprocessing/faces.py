"""The face in a clip of frames, and its mouth, for what is read from faces and lips."""

import functools
from pathlib import Path

import cv2
import numpy as np

from mmfusion.preprocessing.cropping import crop_box
from mmfusion.preprocessing.frame_picking import pick_evenly

LOOKED_AT = 8  # frames, evenly spread
SMALLEST = 0.15  # side of a face, as a share of the frame's
MOUTH = 0.66, 0.2, 0.42, 0.6  # top, left, height and width within the box of a face


def find_face(frames: np.ndarray) -> tuple[int, int, int, int] | None:
    """Finds the largest frontal face, one box for the whole clip.

    It is looked for in eight frames; the box is the median of those found, so that the crop does
    not tremble.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.

    Returns:
        Ints `(top, left, height, width)`, for `crop_box`, or `None` where no face is found.

    Raises:
        ValueError: if `frames` has another shape or type.

    Example:

    >>> find_face(np.zeros((2, 64, 64, 3), "uint8")) is None
    True

    Reference:
        [Viola and Jones, 2001](https://doi.org/10.1109/CVPR.2001.990517)
    """
    picked, found = pick_evenly(frames, LOOKED_AT), []
    smallest = max(1, int(SMALLEST * min(frames.shape[1:3])))
    for t in picked:
        grey = cv2.cvtColor(np.ascontiguousarray(frames[t]), cv2.COLOR_RGB2GRAY)
        boxes = _detector().detectMultiScale(grey, 1.1, 5, minSize=(smallest, smallest))
        if len(boxes):
            found.append(max(boxes, key=lambda box: box[2] * box[3]))
    if not found:
        return None
    left, top, width, height = np.median(found, axis=0).astype(int).tolist()
    return top, left, height, width


def crop_face(frames: np.ndarray) -> np.ndarray:
    """Cuts the face out of each frame. See `find_face`.

    Returns:
        uint8 array `(T, H', W', 3)`; the whole frames where no face is found.
    """
    return _crop_within(frames, (0, 0, 1, 1))


def crop_mouth(frames: np.ndarray) -> np.ndarray:
    """Cuts the mouth and what moves around it out of each frame. See `find_face`.

    Returns:
        uint8 array `(T, H', W', 3)`; the whole frames where no face is found.
    """
    return _crop_within(frames, MOUTH)


def _crop_within(frames, part):
    """Cuts out a part of the face: top, left, height and width as shares of its box."""
    face = find_face(frames)
    if face is None:
        return frames.copy()
    (top, left, height, width), (down, right, tall, wide) = face, part
    first_row, first_column = top + int(down * height), left + int(right * width)
    last_row = min(frames.shape[1], first_row + max(1, int(tall * height)))
    last_column = min(frames.shape[2], first_column + max(1, int(wide * width)))
    box = first_row, first_column, last_row - first_row, last_column - first_column
    return crop_box(frames, box)


@functools.cache
def _detector():
    return cv2.CascadeClassifier(
        str(Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml")
    )

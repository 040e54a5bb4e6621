"""What a network that has learned to see makes of frames, and of what changes between them."""

import cv2
import keras
import numpy as np

from mmfusion.ops.frames import check_frames

BATCH = 32


def extract_cnn(frames: np.ndarray, backbone: keras.Model) -> np.ndarray:
    """Describes each frame by a network of pictures.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        backbone: `keras.Model` of pictures `(N, H', W', 3)` in [-1, 1] to vectors `(N, D)`, as
            `load_backbone` or `efficientnet_lite0` give it.

    Returns:
        float32 array `(T, D)`. No frames give no rows.

    Raises:
        ValueError: if `frames` has another shape or type.

    Example:

    >>> backbone = mm.features.efficientnet_lite0(size_px=32)
    >>> extract_cnn(np.zeros((2, 48, 64, 3), "uint8"), backbone).shape
    (2, 1280)
    """
    check_frames(frames)
    return _vectors(_pictures(frames, backbone), backbone)


def extract_cnn_changes(
    frames: np.ndarray, backbone: keras.Model, *, most: int | None = None
) -> np.ndarray:
    """Describes what changes from each frame to the next, as the network sees it.

    It is shown the size of the change: black where nothing does, white from half the range on.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        backbone: As for `extract_cnn`.
        most: int. Pairs of frames looked at, evenly spread over the clip; all by default.

    Returns:
        float32 array `(N, D)`, N being `T - 1` or `most`. One frame gives a row for no change, no
        frames give no rows.

    Raises:
        ValueError: if `frames` has another shape or type.
    """
    check_frames(frames)
    pairs = max(len(frames) - 1, 0)
    count = min(pairs, most or pairs)
    at = ((np.arange(count) + 0.5) * pairs / max(count, 1)).astype(int)
    at, then = (at, at + 1) if pairs else (np.arange(len(frames)),) * 2
    changes = np.abs(_pictures(frames[then], backbone) - _pictures(frames[at], backbone))
    return _vectors(np.minimum(2 * changes - 1, 1), backbone)


def _pictures(frames, backbone):
    """Frames at the size of the network and in [-1, 1]."""
    height, width = backbone.input_shape[1:3]
    pictures = np.empty((len(frames), height, width, 3), np.float32)
    for t, frame in enumerate(frames):
        frame = np.ascontiguousarray(frame)
        pictures[t] = cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA)
    return pictures / 127.5 - 1


def _vectors(pictures, backbone):
    batches = [
        keras.ops.convert_to_numpy(backbone(pictures[at : at + BATCH], training=False))
        for at in range(0, len(pictures), BATCH)
    ]
    empty = np.zeros((0, backbone.output_shape[-1]), np.float32)
    return np.concatenate([empty, *batches]).astype(np.float32)

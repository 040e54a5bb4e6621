"""What a network that has learned to see makes of frames, and of what changes between them."""

import cv2
import keras
import numpy as np

from mmfusion.ops.frames import check_frames

BATCH = 32


def extract_cnn(frames, backbone):
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


def extract_cnn_changes(frames, backbone):
    """Describes what changes from each frame to the next: the network looks at the difference.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        backbone: As for `extract_cnn`.

    Returns:
        float32 array `(T - 1, D)`; one frame gives a row for no change, no frames give no rows.

    Raises:
        ValueError: if `frames` has another shape or type.
    """
    check_frames(frames)
    pictures = _pictures(frames, backbone)
    changes = pictures[1:] - pictures[:-1] if len(pictures) != 1 else np.zeros_like(pictures)
    return _vectors(np.clip(changes, -1, 1), backbone)


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

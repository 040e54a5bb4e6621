"""Features of a pretrained image network: of frames, and of what changes between them."""

import cv2
import keras
import numpy as np

from mmfusion.ops.frames import check_frames

BATCH = 32


def extract_cnn(frames: np.ndarray, backbone: keras.Model) -> np.ndarray:
    """Describes each frame by an image network.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        backbone: `keras.Model` of images `(N, H', W', 3)` in [-1, 1] to vectors `(N, D)`, as
            `load_backbone` or `mm.pretrained.efficientnet_lite` return it.

    Returns:
        float32 array `(T, D)`. No frames yield no rows.

    Raises:
        ValueError: if `frames` has another shape or type.

    Example:

    >>> backbone = mm.pretrained.efficientnet_lite(size_px=32)
    >>> extract_cnn(np.zeros((2, 48, 64, 3), "uint8"), backbone).shape
    (2, 1280)
    """
    check_frames(frames)
    return _vectors(_images(frames, backbone), backbone)


def extract_cnn_changes(
    frames: np.ndarray, backbone: keras.Model, *, most: int | None = None
) -> np.ndarray:
    """Describes what changes from each frame to the next, in the features of the network.

    It is shown the size of the change: black where nothing does, white from half the range on.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        backbone: As for `extract_cnn`.
        most: int. Pairs of frames, evenly spread over the clip; all by default.

    Returns:
        float32 array `(N, D)`, N being `T - 1` or `most`. One frame yields a row for no change, no
        frames yield no rows.

    Raises:
        ValueError: if `frames` has another shape or type.
    """
    check_frames(frames)
    pairs = max(len(frames) - 1, 0)
    count = min(pairs, most or pairs)
    at = ((np.arange(count) + 0.5) * pairs / max(count, 1)).astype(int)
    at, then = (at, at + 1) if pairs else (np.arange(len(frames)),) * 2
    changes = np.abs(_images(frames[then], backbone) - _images(frames[at], backbone))
    return _vectors(np.minimum(2 * changes - 1, 1), backbone)


def _images(frames, backbone):
    """Frames at the size of the network and in [-1, 1]."""
    height, width = backbone.input_shape[1:3]
    images = np.empty((len(frames), height, width, 3), np.float32)
    for t, frame in enumerate(frames):
        frame = np.ascontiguousarray(frame)
        images[t] = cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA)
    return images / 127.5 - 1


def _vectors(images, backbone):
    batches = [
        keras.ops.convert_to_numpy(backbone(images[at : at + BATCH], training=False))
        for at in range(0, len(images), BATCH)
    ]
    empty = np.zeros((0, backbone.output_shape[-1]), np.float32)
    return np.concatenate([empty, *batches]).astype(np.float32)

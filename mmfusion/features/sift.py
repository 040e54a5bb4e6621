"""Corners and blobs of frames that are found again from elsewhere (SIFT)."""

from typing import Any

import cv2
import numpy as np

from mmfusion.ops.frames import check_frames

WIDTH = 128


def extract_sift(frames: np.ndarray, *, most: int = 200) -> list[np.ndarray]:
    """Describes the surroundings of the most distinct keypoints of each frame.

    Descriptors are the square roots of SIFT's shares (RootSIFT), so that their dot product compares
    histograms fairly.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        most: int. Keypoints of a frame at most.

    Returns:
        List of T float32 arrays `(N_t, 128)` of length 1, N_t being 0 where there is none.

    Raises:
        ValueError: if `frames` has another shape or type, or if `most` is below 1.

    Example:

    >>> [len(keypoints) for keypoints in extract_sift(np.zeros((2, 32, 32, 3), "uint8"))]
    [0, 0]

    Reference:
        [Lowe, 2004](https://doi.org/10.1023/B:VISI.0000029664.99615.94),
        [Arandjelović and Zisserman, 2012](https://doi.org/10.1109/CVPR.2012.6248018)
    """
    check_frames(frames)
    if most < 1:
        raise ValueError(f"`most` must be at least 1. Received: most={most}")
    sift = cv2.SIFT.create(most)
    everywhere: Any = None  # no part of a frame is masked
    described = []
    for frame in frames:
        grey = cv2.cvtColor(np.ascontiguousarray(frame), cv2.COLOR_RGB2GRAY)
        found = sift.detectAndCompute(grey, everywhere)[1]
        found = np.zeros((0, WIDTH), np.float32) if found is None else found[:most]
        shares = found / np.maximum(found.sum(axis=1, keepdims=True), 1e-9)
        described.append(np.sqrt(shares).astype(np.float32))
    return described

"""Light for dark frames: local contrast (CLAHE) and gamma."""

import cv2
import numpy as np

from mmfusion.ops.frames import check_frames, map_frames

MIDDLE = 0.45  # mean brightness of a well lit frame
SMALLEST_TILE_PX = 16  # the histogram of fewer pixels is noise


def equalise_light(frames: np.ndarray, *, contrast: float = 2.0, tiles: int = 8) -> np.ndarray:
    """Spreads lightness tile by tile (CLAHE in Lab), so that dark corners show and colours stay.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        contrast: float. How far a histogram's peaks may rise above its mean; more brings noise up.
        tiles: int. Tiles along each side, fewer where they would be under 16 pixels; a frame under
            16 pixels is left as it is.

    Returns:
        uint8 array `(T, H, W, 3)`.

    Raises:
        ValueError: if `frames` has another shape or type, or if a setting is not positive.

    Reference:
        [Zuiderveld, 1994](https://doi.org/10.1016/B978-0-12-336156-1.50061-6)
    """
    if not contrast > 0 or tiles < 1:
        raise ValueError(
            "`contrast` must be positive and `tiles` at least 1. "
            f"Received: contrast={contrast}, tiles={tiles}"
        )
    check_frames(frames)
    down, along = (min(tiles, side // SMALLEST_TILE_PX) for side in frames.shape[1:3])
    if not down or not along:
        return frames.copy()
    clahe = cv2.createCLAHE(contrast, (along, down))

    def equalise(frame):
        lab = cv2.cvtColor(frame, cv2.COLOR_RGB2LAB)
        lab[..., 0] = clahe.apply(lab[..., 0])
        return cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)

    return map_frames(equalise, frames)


def correct_gamma(frames: np.ndarray, *, gamma: float | None = None) -> np.ndarray:
    """Raises every value, as a share of 255, to the power of `gamma`.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        gamma: float. Below 1 is brighter. `None` picks what brings the clip's mean to a middle
            grey, one number for the whole clip so that it does not flicker; black stays black.

    Returns:
        uint8 array `(T, H, W, 3)`.

    Raises:
        ValueError: if `frames` has another shape or type, or if `gamma` is not positive.

    Example:

    >>> correct_gamma(np.full((1, 1, 1, 3), 64, "uint8"), gamma=0.5)[0, 0, 0, 0]
    128
    """
    check_frames(frames)
    if gamma is None:
        mean = frames.mean() / 255 if frames.size else 0
        gamma = np.log(MIDDLE) / np.log(mean) if 0 < mean < 1 else 1.0
    if not 0 < gamma < np.inf:
        raise ValueError(f"`gamma` must be positive. Received: gamma={gamma}")
    curve = np.round(255 * (np.arange(256) / 255) ** gamma).astype(np.uint8)
    return curve[frames]

"""Less noise in frames: a median over time, a bilateral filter, non-local means."""

import cv2
import numpy as np

from mmfusion.ops.frames import check_frames, map_frames


def denoise_median(frames: np.ndarray, *, steps: int = 3) -> np.ndarray:
    """Replaces each pixel by the median of its values in the frames around it.

    Takes away flicker, dead pixels and single bad frames where little moves. Before the first frame
    and after the last, those two are repeated.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        steps: int, odd. Frames of the median.

    Returns:
        uint8 array `(T, H, W, 3)`.

    Raises:
        ValueError: if `frames` has another shape or type, or if `steps` is not odd.

    Example:

    >>> frames = np.array([7, 255, 8, 9], "uint8")[:, None, None, None].repeat(3, axis=-1)
    >>> denoise_median(frames)[:, 0, 0, 0]
    array([7, 8, 9, 9], dtype=uint8)
    """
    check_frames(frames)
    if steps < 1 or steps % 2 == 0:
        raise ValueError(f"`steps` must be odd and at least 1. Received: steps={steps}")
    reach = steps // 2
    last = len(frames) - 1
    median = np.empty(frames.shape, np.uint8)
    for t in range(len(frames)):
        median[t] = _median([frames[np.clip(t + k, 0, last)] for k in range(-reach, reach + 1)])
    return median


def denoise_bilateral(
    frames: np.ndarray, *, radius_px: int = 3, colour_spread: float = 40.0
) -> np.ndarray:
    """Averages each pixel with neighbours of a like colour, so that edges stay.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        radius_px: int. Reach of the average.
        colour_spread: float. Differences of colour, out of 255, that still count as alike.

    Returns:
        uint8 array `(T, H, W, 3)`.

    Raises:
        ValueError: if `frames` has another shape or type, or if a setting is not positive.

    Reference:
        [Tomasi and Manduchi, 1998](https://doi.org/10.1109/ICCV.1998.710815)
    """
    _check_positive(radius_px=radius_px, colour_spread=colour_spread)
    width_px = 2 * radius_px + 1
    return map_frames(lambda x: cv2.bilateralFilter(x, width_px, colour_spread, radius_px), frames)


def denoise_nlmeans(
    frames: np.ndarray, *, strength: float = 6.0, search_px: int = 21
) -> np.ndarray:
    """Averages each pixel with those whose surroundings look like its own, wherever they lie.

    The best of the three on one still frame, and by far the slowest.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        strength: float. About half the standard deviation of the noise, out of 255.
        search_px: int. Side of the square that is searched.

    Returns:
        uint8 array `(T, H, W, 3)`.

    Raises:
        ValueError: if `frames` has another shape or type, or if a setting is not positive.

    Reference:
        [Buades et al., 2005](https://doi.org/10.1109/CVPR.2005.38)
    """
    _check_positive(strength=strength, search_px=search_px)
    return map_frames(
        lambda x: cv2.fastNlMeansDenoisingColored(x, None, strength, strength, 7, search_px), frames
    )


def _check_positive(**settings):
    for name, value in settings.items():
        if not value > 0:
            raise ValueError(f"`{name}` must be positive. Received: {name}={value}")


def _median(arrays):
    """Median of an odd number of arrays: bubbles the upper half out. `np.median` is far slower."""
    arrays = list(arrays)
    for end in range(len(arrays) - 1, len(arrays) // 2 - 1, -1):
        for k in range(end):
            low, high = np.minimum(arrays[k], arrays[k + 1]), np.maximum(arrays[k], arrays[k + 1])
            arrays[k], arrays[k + 1] = low, high
    return arrays[len(arrays) // 2]

"""Another frame rate, by timestamp."""

import numpy as np

from mmfusion.ops.frames import check_frames


def change_frame_rate(
    frames: np.ndarray, times_s: np.ndarray, rate_hz: float
) -> tuple[np.ndarray, np.ndarray]:
    """Samples a clip at an even rate: at each new time, the frame that is nearest.

    Times need not be even, so a clip of variable rate comes out even. Nothing is blended.

    Args:
        frames: uint8 array `(T, H, W, 3)`, RGB.
        times_s: floats `(T,)`, the timestamp of each frame, not falling.
        rate_hz: float. New frames per second.

    Returns:
        Tuple of uint8 frames `(T', H, W, 3)` and float64 times `(T',)`, from the first timestamp
        up to the last. No frames yield no frames, one yields one.

    Raises:
        ValueError: if `frames` has another shape or type, if `times_s` falls, is not finite or is
            of another length, or if `rate_hz` is not positive.

    Example:

    >>> frames = np.zeros((5, 4, 4, 3), "uint8")
    >>> change_frame_rate(frames, [0.0, 0.1, 0.2, 0.3, 0.4], 5.0)[1]
    array([0. , 0.2, 0.4])
    """
    check_frames(frames)
    times_s = np.asarray(times_s, np.float64)
    if times_s.shape != (len(frames),) or not np.isfinite(times_s).all():
        raise ValueError(
            f"`times_s` must hold {len(frames)} finite times, one for each frame. "
            f"Received: times_s={times_s}"
        )
    if (np.diff(times_s) < 0).any():
        raise ValueError(f"`times_s` must not fall. Received: times_s={times_s}")
    if not 0 < rate_hz < np.inf:
        raise ValueError(f"`rate_hz` must be positive. Received: rate_hz={rate_hz}")
    if not len(frames):
        return frames.copy(), times_s
    count = int((times_s[-1] - times_s[0]) * rate_hz + 1e-6) + 1
    new_s = times_s[0] + np.arange(count) / rate_hz  # (T',)
    middles_s = (times_s[1:] + times_s[:-1]) / 2
    return frames[np.searchsorted(middles_s, new_s)], new_s

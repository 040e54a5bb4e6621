"""Audio of a clip: what every step of cleaning takes."""

import numpy as np


def check_audio(samples: np.ndarray, rate_hz: int = 1) -> None:
    """Refuses what is not mono audio.

    Args:
        samples: float array `(S,)` in [-1, 1]. S may be 0.
        rate_hz: int. Samples per second.

    Raises:
        ValueError: if `samples` has another shape or type or is not finite, or if `rate_hz` is not
            positive.
    """
    shape, kind = np.shape(samples), getattr(samples, "dtype", type(samples).__name__)
    if len(shape) != 1 or kind not in (np.float32, np.float64):
        raise ValueError(f"`samples` must be float (S,), mono. Received: {kind} {shape}")
    if not np.isfinite(samples).all():
        raise ValueError(
            "`samples` must be finite. "
            f"Received: {np.count_nonzero(~np.isfinite(samples))} of {len(samples)} are not"
        )
    if not 0 < rate_hz < np.inf:
        raise ValueError(f"`rate_hz` must be positive. Received: rate_hz={rate_hz}")

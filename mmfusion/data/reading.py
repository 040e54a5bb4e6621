"""How clips are read for hand-crafted features."""

import dataclasses
import math


@dataclasses.dataclass(frozen=True)
class Reading:
    """How clips are read for features.

    Args:
        frames_hz: float. Frames per second.
        size_px: int. Height and width of frames.
        sample_rate_hz: int. Of the audio.
        longest_s: float. What is longer is cut.

    Raises:
        ValueError: if a field is not positive.
    """

    frames_hz: float = 12.5
    size_px: int = 112
    sample_rate_hz: int = 16_000
    longest_s: float = 60.0

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if not 0 < value < math.inf:
                raise ValueError(f"`{field.name}` must be positive. Received: {field.name}={value}")

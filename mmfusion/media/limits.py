"""`Limits`: how much one untrusted file may cost."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Limits:
    """How much one untrusted file may cost. What the header promises is checked before decoding.

    Args:
        file_bytes: int. Size of the file.
        pixels: int. Width times height of a frame.
        frames: int. Frames decoded, or searched, in one call.
        seconds: float. Length of the audio and video asked for in one call.
        memory_bytes: int. Memory a child process may take for decoding, beyond what it starts with.
        wall_s: float. Wall-clock seconds for one item of a child process.

    Raises:
        ValueError: if a limit is not positive.

    Example:

    >>> Limits(seconds=60.0).pixels
    35389440
    """

    file_bytes: int = 8 << 30
    pixels: int = 8192 * 4320
    frames: int = 250_000
    seconds: float = 3 * 3600.0
    memory_bytes: int = 2 << 30
    wall_s: float = 60.0

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if not value > 0:
                raise ValueError(f"`{field.name}` must be positive. Received: {field.name}={value}")


DEFAULT_LIMITS = Limits()

"""The time grid that clips are aligned to, and how they are decoded."""

import dataclasses

from mmfusion.defaults import SAMPLE_RATE_HZ, SIZE_PX
from mmfusion.options.names import CleaningStep


@dataclasses.dataclass(frozen=True, kw_only=True)
class Grid:
    """Time grid and decoding of clips.

    Args:
        seconds: float. Length of the time grid; that of 19 clips in 20, at most 10 s, if not given.
        steps: int. Steps of the time grid; eight a second, 4 to 64, if not given.
        size_px: int. Height and width of frames in pixels.
        sample_rate_hz: int. Sample rate of the audio.
        cleaning: tuple of str. Steps to clean by, in this order, here and in the exported model.
    """

    seconds: float | None = None
    steps: int | None = None
    size_px: int = SIZE_PX
    sample_rate_hz: int = SAMPLE_RATE_HZ
    cleaning: tuple[CleaningStep, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Decoding:
    """Where prepared clips are kept, and who prepares them.

    Args:
        cache: str. Folder for prepared clips; `~/.cache/mmfusion` if not given.
        workers: int. Child processes that decode; as many as processors if not given.
        transcribe: bool. Whether clips with audio and no words of their own get those that are
            spoken, machine-made and in English; kept as captions in the cache.
    """

    cache: str | None = None
    workers: int | None = None
    transcribe: bool = False

"""The options of the command that writes captions."""

import dataclasses

from mmfusion.options.names import LanguageName
from mmfusion.options.schema import positional


@dataclasses.dataclass(frozen=True, kw_only=True)
class TranscribeOptions:
    """Write captions of what is spoken in audio and video files, as .srt, .vtt and .json.

    Args:
        inputs: tuple of str. Audio or video files.
        out: str. Folder for the captions, named after the files.
        language: str. What is spoken. The network knows English alone and does not notice other
            languages: their words are wrong, most with a low confidence, which is reported.
        workers: int. Child processes, each on one core; as many as processors if not given.

    Raises:
        ValueError: if two files would get the same captions.
    """

    inputs: tuple[str, ...] = positional()
    out: str
    language: LanguageName = "en"
    workers: int | None = None

"""Words for clips that have none of their own, by the recogniser in the cache."""

import functools
from collections.abc import Sequence

from mmfusion.pretrained.fetch import weights_path
from mmfusion.specs import Clip
from mmfusion.transcription.machine_captions import with_machine_captions
from mmfusion.transcription.transcript import transcribe_file


def transcribed(
    clips: Sequence[Clip], *, cache: str | None = None, workers: int | None = None
) -> list[Clip]:
    """Adds the words that Moonshine finds to clips that have audio and no words of their own.

    Args:
        clips: sequence of Clip.
        cache: str. Folder of prepared clips, and of machine-made captions.
        workers: int. Child processes.

    Returns:
        list of Clip, as of `with_machine_captions`.

    Raises:
        FileNotFoundError: if the weights are not in the cache.
    """
    folder = weights_path("moonshine")
    read = functools.partial(transcribe_file, folder=folder)
    return with_machine_captions(clips, read, folder.name, cache=cache, workers=workers)

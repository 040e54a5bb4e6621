"""Files that a list of clips names and that are not there."""

import logging
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from mmfusion.specs import MODALITIES, Clip

logger = logging.getLogger(__name__)


def files_of(clip: Clip, modalities: Collection[str] = MODALITIES) -> list[Path]:
    """The files that are read of a clip.

    Args:
        clip: Clip.
        modalities: collection of str, those that are wanted of it.

    Returns:
        list of Path.
    """
    wanted = {"video": {"audio", "video"}, "audio": {"audio"}, "transcript": {"text"}}
    paths = (getattr(clip, name) for name in wanted if wanted[name] & set(modalities))
    return [path for path in paths if path is not None]


def is_there(row: Any, modalities: Collection[str] = MODALITIES) -> bool:
    """Whether all files of a row are there; a row of arrays has none."""
    return not isinstance(row, Clip) or all(path.exists() for path in files_of(row, modalities))


def missing_files(rows: Iterable[Any], modalities: Collection[str] = MODALITIES) -> str:
    """How many files of some rows are missing, and the path of the first.

    Args:
        rows: iterable of Clip, or of rows of arrays, which have no files.
        modalities: collection of str, those that are wanted.

    Returns:
        str, "" where none is missing.

    Example:

    >>> missing_files([mm.Clip("a", video=Path("/none/a.mp4")), mm.Clip("b", text="fire")])
    '1 of 1 files is missing, first /none/a.mp4'
    """
    clips = (row for row in rows if isinstance(row, Clip))
    paths = dict.fromkeys(path for clip in clips for path in files_of(clip, modalities))
    missing = [path for path in paths if not path.exists()]
    verb = "is" if len(missing) == 1 else "are"
    return (
        f"{len(missing)} of {len(paths)} files {verb} missing, first {missing[0]}"
        if missing
        else ""
    )


def warn_of_missing(
    where: str | Path, rows: Iterable[Any], modalities: Collection[str] | None = None
) -> None:
    """Logs what `missing_files` returns, before any time is spent on the others.

    Args:
        where: str. The list of clips.
        rows: iterable of Clip.
        modalities: collection of str; all if `None`.
    """
    if missing := missing_files(rows, modalities or MODALITIES):
        logger.warning("%s: %s", where, missing)

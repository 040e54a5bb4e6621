"""Prepared clips kept between runs, in folders named by the content of the clips and the spec."""

import logging
from collections.abc import Sequence
from pathlib import Path

from mmfusion.data.content import fingerprints
from mmfusion.data.prepare import prepare, shard_key
from mmfusion.data.records import Records
from mmfusion.files import cache_folder
from mmfusion.specs import Clip, ClipSpec

logger = logging.getLogger(__name__)


def prepared(
    clips: Sequence[Clip],
    spec: ClipSpec,
    *,
    cache: str | Path | None = None,
    workers: int | None = None,
) -> Records:
    """Prepares clips, or opens what an earlier call with the same content and spec prepared.

    Args:
        clips: Sequence of `Clip`.
        spec: ClipSpec.
        cache: Path of the folder; `mmfusion` in `$XDG_CACHE_HOME` or `~/.cache` by default.
        workers: int. Child processes.

    Returns:
        Records.
    """
    key = shard_key(clips, spec, fingerprints(clips, workers=workers))
    folder = Path(cache or cache_folder()) / key[:16]
    logger.info("prepared clips: %s", folder)
    return prepare(clips, spec, folder, workers=workers)

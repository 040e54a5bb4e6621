"""Machine-made captions: kept in the cache, for clips that have audio and no words of their own."""

import dataclasses
import hashlib
import logging
import math
from collections.abc import Callable, Sequence
from pathlib import Path

from tqdm.auto import tqdm

from mmfusion.data.content import fingerprints
from mmfusion.files import user_cache
from mmfusion.media.errors import DecodeError
from mmfusion.media.subtitles import read_captions
from mmfusion.media.write_captions import write_captions
from mmfusion.specs import Clip
from mmfusion.transcription.transcribe_files import transcribe_files
from mmfusion.transcription.transcript import Transcript

logger = logging.getLogger(__name__)

METHOD = "1"  # of finding segments and leaving words out; another number, other captions
FOLDER = "captions"


def with_machine_captions(
    clips: Sequence[Clip],
    transcribe: Callable[[str | Path], Transcript],
    version: str,
    *,
    cache: str | Path | None = None,
    workers: int | None = None,
) -> list[Clip]:
    """Adds the words that a recogniser finds to clips that have audio and no words of their own.

    Each file is transcribed once, as a whole, and its captions are kept as `.srt` by its content
    and the version of the weights. Captions and texts that a clip comes with are never replaced.

    Args:
        clips: sequence of Clip.
        transcribe: callable of a path that returns a Transcript, as of `transcribe_files`.
        version: str. Name and version of the weights that it uses.
        cache: Path of the folder; `mmfusion` in `$XDG_CACHE_HOME` or `~/.cache` by default.
        workers: int. Child processes.

    Returns:
        list of Clip, each `transcribed` whose `transcript` is machine-made. Where nothing is spoken
        within its time, or its file cannot be read, a clip is as it was.
    """
    spoken = {clip.id: _source(clip) for clip in clips}
    sources = [clip for clip in clips if spoken[clip.id] is not None]
    digests = fingerprints(sources, workers=workers)
    folder = Path(cache or user_cache()) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    captions = {
        path: folder / _name(digests[path], version) for path in set(spoken.values()) - {None}
    }
    todo = {captions[path]: path for path in sorted(captions) if not captions[path].is_file()}
    places, paths = list(todo), list(todo.values())
    results = transcribe_files(paths, transcribe, workers=workers)
    unsure = []
    for at, result in tqdm(results, total=len(paths), unit="file", desc="speech", disable=None):
        if isinstance(result, DecodeError):
            logger.warning("not transcribed: %s", result)
        else:
            write_captions(places[at], result.segments)
            unsure += [paths[at]] if result.low_confidence else []
    if unsure:
        logger.warning(
            "%d of %d files transcribed with a low confidence, first %s; is it clear English?",
            *(len(unsure), len(paths), unsure[0]),
        )
    return [_captioned(clip, captions.get(spoken[clip.id])) for clip in clips]


def _source(clip):
    """The file whose audio is the clip's, or `None` where it has words or no audio."""
    if clip.transcript or (clip.text or "").strip():
        return None
    return clip.audio or clip.video


def _name(digest, version):
    key = hashlib.sha256("\n".join([digest, version, METHOD]).encode()).hexdigest()
    return f"{key[:32]}.srt"


def _captioned(clip, caption):
    if caption is None or not caption.is_file():
        return clip
    end_s = math.inf if clip.end_s is None else clip.end_s
    words, _ = read_captions(caption)
    if not any(clip.start_s <= (word.start_s + word.end_s) / 2 < end_s for word in words):
        return clip
    return dataclasses.replace(clip, transcript=caption, transcribed=True)

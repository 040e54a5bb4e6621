"""Many files transcribed in child processes: one that is broken or hangs stops no other."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import DEFAULT_LIMITS, Limits
from mmfusion.media.probe import probe
from mmfusion.media.sandbox import sandboxed_map
from mmfusion.transcription.transcript import Transcript

SLOWEST = 4  # times real time that the slowest machine reaches


def transcribe_files(
    paths: Sequence[str | Path],
    transcribe: Callable[[str | Path], Transcript],
    *,
    workers: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[tuple[int, Transcript | DecodeError]]:
    """Transcribes files, each for as long as its header promises that it takes.

    Args:
        paths: sequence of Path, of audio or video files.
        transcribe: callable of a path, from a module that can be imported, as a
            `functools.partial` of `transcribe_file`.
        workers: int. Child processes, each on one core; as many as processors if not given.
        limits: Limits of decoding. `wall_s` is that of a file without audio; longer ones have more.

    Yields:
        `(index, result)`, in order. The result is a Transcript, or a `DecodeError`.
    """
    known = list(sandboxed_map(probe, paths, workers=workers, limits=limits))
    lengths_s = [_seconds(info, limits) for _, info in known]
    wall_s = limits.wall_s + max(lengths_s, default=0.0) / SLOWEST
    longer = dataclasses.replace(limits, wall_s=wall_s)
    yield from sandboxed_map(transcribe, paths, workers=workers, limits=longer)


def _seconds(info, limits):
    if isinstance(info, DecodeError):
        return 0.0
    return min(info.duration_s, limits.seconds) if info.duration_s else limits.seconds

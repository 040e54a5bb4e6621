"""The folder of a run: what it was asked to do and where it ran."""

import importlib.metadata
import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmfusion.files import read_json, replacing, write_json
from mmfusion.training.workers import workers

PACKAGES = (
    "mmfusion",
    "keras",
    "tensorflow",
    "tensorflow-io",
    "numpy",
    "scipy",
    "scikit-learn",
    "av",
    "opencv-python-headless",
    "gensim",
)


def environment() -> dict[str, str]:
    """Versions of Python, of the machine and of the packages that decide the numbers.

    Returns:
        dict of str to str; a package that is absent is not in it.

    Example:

    >>> environment()["keras"]
    '3...'
    """
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processors": str(os.cpu_count()),
        **versions,
    }


def asked_before(path: str | Path, config: Mapping[str, Any]) -> bool:
    """Whether an earlier run in this folder was asked for the very same, and may be gone on with.

    Args:
        path: Path of the folder.
        config: dict that JSON can hold: the resolved options.

    Returns:
        bool.
    """
    try:
        return read_json(Path(path) / "config.json") == json.loads(json.dumps(config))
    except (FileNotFoundError, ValueError):  # none, or torn
        return False


def run_folder(path: str | Path, config: Mapping[str, Any]) -> Path:
    """Makes a run folder and writes its `config.json` and `environment.txt`.

    Args:
        path: Path of the folder, made if need be.
        config: dict that JSON can hold: the resolved options.

    Returns:
        Path of the folder.
    """
    path = Path(path)
    path.mkdir(parents=True, exist_ok=True)
    write_json(path / "config.json", config)
    lines = [f"{name} {value}\n" for name, value in environment().items()]
    with replacing(path / "environment.txt") as temporary:
        temporary.write_text("".join(lines), encoding="utf-8")
    return path


def worker_folder(run: str | Path) -> Path:
    """The run folder of this process: the first worker's is the run itself.

    Args:
        run: Path of the run folder.

    Returns:
        Path; `run/worker-2` for the worker of that number, where there are several.

    Example:

    >>> worker_folder("runs/fights").as_posix()
    'runs/fights'
    """
    _, own = workers()
    return Path(run) / f"worker-{own}" if own else Path(run)

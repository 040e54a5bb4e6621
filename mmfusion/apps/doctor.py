"""Doctor: what this machine has, what it lacks and how to mend it."""

import importlib
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from mmfusion.experiments.table import text_table
from mmfusion.options.demo import DoctorOptions
from mmfusion.pretrained.fetch import is_present
from mmfusion.pretrained.table import WEIGHTS
from mmfusion.training.run_folder import environment

SUPPORTED_PYTHON = (3, 11), (3, 12), (3, 13)
CODECS = {"libx264": "w", "aac": "w", "h264": "r", "hevc": "r", "vp9": "r", "opus": "r", "mp3": "r"}
OPTIONAL = {"tensorflow_io": "pip install 'mmfusion[io]'"}
FREE_BYTES = 2 * 2**30


def run(options: DoctorOptions = DoctorOptions()) -> dict[str, Any]:
    """Looks over versions, devices, codecs, pretrained weights and disk.

    Returns:
        dict with `"environment"`, `"devices"`, `"codecs"`, `"weights"`, the names of those in the
        cache, and `"problems"`, a list of sentences, each with its remedy.
    """
    problems = []
    if sys.version_info[:2] not in SUPPORTED_PYTHON:
        problems.append("Python 3.11, 3.12 or 3.13 is needed: make a virtual environment with one")
    for package, remedy in OPTIONAL.items():
        try:
            importlib.import_module(package)
        except (ImportError, NotImplementedError) as error:
            problems.append(f"{package} does not load ({error}); {remedy}")
    codecs = _codecs()
    problems += [
        f"PyAV lacks the codec {name}: pip install --force-reinstall av"
        for name, there in codecs.items()
        if not there
    ]
    if shutil.disk_usage(Path.cwd()).free < FREE_BYTES:
        problems.append("Less than 2 GiB are free on this disk: make room before preparing clips")
    return {
        "environment": environment(),
        "devices": _devices(),
        "codecs": codecs,
        "weights": [name for name in WEIGHTS if is_present(name)],
        "problems": problems,
    }


def _codecs():
    import av

    there = {}
    for name, mode in CODECS.items():
        try:
            av.Codec(name, mode)
            there[name] = True
        except av.codec.codec.UnknownCodecError:
            there[name] = False
    return there


def _devices():
    import tensorflow as tf

    found = [device.name for device in tf.config.list_physical_devices()]
    return {"tensorflow": found, "processors": os.cpu_count()}


def table(result: dict[str, Any]) -> str:
    """What was found, as text."""
    found = {**result["environment"], **{f"codec {k}": str(v) for k, v in result["codecs"].items()}}
    found["devices"] = ", ".join(result["devices"]["tensorflow"])
    found["weights"] = ", ".join(result["weights"]) or "none; see mmfusion weights list"
    rows = [[name, value] for name, value in found.items()]
    return "\n".join(
        [text_table(["part", "found"], rows), "", *(result["problems"] or ["All is well."])]
    )

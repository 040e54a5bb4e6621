"""The weights of a TensorFlow.js model: binary files, whole, in half precision or quantised."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

DTYPES = {"float32": "<f4", "int32": "<i4", "bool": "?", "uint8": "u1"}
QUANTISED = {"float16": "<f2", "uint8": "u1", "uint16": "<u2"}


def read_tfjs_weights(groups: Iterable[Mapping[str, Any]], folder: Path) -> dict[str, np.ndarray]:
    """Reads the arrays that a `weightsManifest` lists.

    Args:
        groups: The groups of the manifest, each with `"paths"` of its files, which follow one
            another, and `"weights"` in their order.
        folder: Path of the folder of `model.json`; no file outside is read.

    Returns:
        dict of name to array.

    Raises:
        FileNotFoundError: if a file is missing.
        ValueError: if a type is unknown, or there are fewer or more bytes than weights.
    """
    found = {}
    for group in groups:
        content, start = b"".join(_read(folder, path) for path in group["paths"]), 0
        for weight in group["weights"]:
            stored = _stored_dtype(weight)
            count = int(np.prod(weight["shape"], dtype=np.int64))
            end = start + count * stored.itemsize
            if end > len(content):
                raise ValueError(f"{weight['name']} ends at byte {end}. Received: {len(content)}")
            stretch = np.frombuffer(content[start:end], stored).reshape(weight["shape"])
            found[weight["name"]] = _restored(stretch, weight)
            start = end
        if start != len(content):
            raise ValueError(f"The weights have {start} bytes. Received: {len(content)}")
    return found


def _read(folder, name):
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError(f"A file of weights must lie beside its model. Received: {name}")
    return path.read_bytes()


def _stored_dtype(weight):
    kinds = QUANTISED if "quantization" in weight else DTYPES
    kind = weight.get("quantization", weight)["dtype"]
    if kind not in kinds:
        raise ValueError(f"{weight['name']} must be one of {sorted(kinds)}. Received: {kind}")
    return np.dtype(kinds[kind])


def _restored(stored, weight):
    """As they were before they were quantised: whole numbers stand for steps from a minimum."""
    if "quantization" not in weight:
        return stored
    dtype, how = np.dtype(DTYPES[weight["dtype"]]), weight["quantization"]
    if how["dtype"] == "float16":
        return stored.astype(dtype)
    values = stored.astype(np.float64) * how["scale"] + how["min"]
    return (values.round() if dtype.kind == "i" else values).astype(dtype)

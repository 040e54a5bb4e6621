"""The shape and the type of an array that a network takes or returns."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np


@dataclasses.dataclass(frozen=True)
class ArraySpec:
    """Shape and type of an array.

    Args:
        shape: tuple of int, `None` where any length does.
        dtype: str. As `"float32"`.
    """

    shape: tuple[int | None, ...]
    dtype: str


def check_arrays(
    arrays: Mapping[str, np.ndarray], specs: Mapping[str, ArraySpec]
) -> dict[str, np.ndarray]:
    """Checks arrays by name against what a network takes; nothing is converted.

    Args:
        arrays: Mapping of name to array.
        specs: Mapping of name to ArraySpec.

    Returns:
        dict of name to contiguous array, in the order of `specs`.

    Raises:
        ValueError: if a name is missing or unknown, or an array has another shape or type.

    Example:

    >>> list(check_arrays({"x": np.zeros((2, 3))}, {"x": ArraySpec((None, 3), "float64")}))
    ['x']
    """
    if arrays.keys() != specs.keys():
        raise ValueError(f"Inputs must be {[*specs]}. Received: {[*arrays]}")
    found = {name: np.asarray(arrays[name]) for name in specs}
    for name, spec in specs.items():
        shape, dtype = found[name].shape, found[name].dtype.name
        fits = len(shape) == len(spec.shape) and all(
            length in (None, size) for length, size in zip(spec.shape, shape, strict=True)
        )
        if not fits or dtype != spec.dtype:
            raise ValueError(
                f"`{name}` must be {spec.dtype} {_text(spec.shape)}. "
                f"Received: {dtype} {_text(shape)}"
            )
    return {name: np.ascontiguousarray(array).reshape(array.shape) for name, array in found.items()}


def _text(shape: tuple[Any, ...]) -> str:
    return f"({', '.join('any' if size is None else str(size) for size in shape)})"

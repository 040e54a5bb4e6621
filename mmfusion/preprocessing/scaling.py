"""Numbers that bring features to one scale, fitted in one pass over data of any size."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from mmfusion.preprocessing.moments import Moments, Sample, rows_of


@dataclasses.dataclass(frozen=True)
class Scaling:
    """Takes an offset away and divides by a scale, feature by feature.

    Args:
        offset: nested tuples of float, of the shape that was fitted.
        scale: nested tuples of float, of the same shape, none of them 0.

    Raises:
        ValueError: if the shapes differ, or if a number is not finite or a scale is 0.

    Example:

    >>> scaling = fit_z_score([np.array([[1.0, 5.0], [3.0, 5.0]])])
    >>> scaling(np.array([[3.0, 5.0]]))
    array([[1., 0.]], dtype=float32)
    >>> scaling.inverse(np.array([[1.0, 0.0]]))
    array([[3., 5.]], dtype=float32)
    """

    offset: tuple
    scale: tuple

    def __post_init__(self) -> None:
        offset, scale = np.asarray(self.offset, float), np.asarray(self.scale, float)
        is_finite = np.isfinite(offset).all() and np.isfinite(scale).all() and (scale != 0).all()
        if offset.shape != scale.shape or not is_finite:
            raise ValueError(
                "`offset` and `scale` must be finite, of one shape, and no scale 0. "
                f"Received: offset={self.offset}, scale={self.scale}"
            )
        object.__setattr__(self, "offset", _as_tuples(offset.tolist()))
        object.__setattr__(self, "scale", _as_tuples(scale.tolist()))

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """Scales an array whose last axes fit the shape; returns float32."""
        return ((features - np.asarray(self.offset)) / np.asarray(self.scale)).astype(np.float32)

    def inverse(self, features: np.ndarray) -> np.ndarray:
        """Undoes the scaling; returns float32. A constant feature comes back as the constant."""
        return (features * np.asarray(self.scale) + np.asarray(self.offset)).astype(np.float32)

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON can hold them."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Scaling:
        """The inverse of `to_dict`. An unknown field is a `TypeError`."""
        return cls(**fields)


def fit_z_score(batches: Iterable[Any], *, axis: int | tuple[int, ...] = -1) -> Scaling:
    """Fits a scaling to mean 0 and standard deviation 1.

    Args:
        batches: iterable, read once, of arrays or of pairs of an array and a mask. The mask is bool
            and has the first axes of the array, as `(B, T)` of `(B, T, D)`: where it is False
            nothing is read.
        axis: int or tuple of int, below 0. Axes with numbers of their own: -1 for one pair for each
            feature or channel, `()` for a single pair, `(-2, -1)` for one for each place.

    Returns:
        `Scaling`. A constant feature becomes 0, and so does one that was never present.

    Raises:
        ValueError: naming the batch, if its shape does not fit or a number that is read is not
            finite.

    Reference:
        [Chan et al., 1983](https://doi.org/10.1080/00031305.1983.10483115)
    """
    moments = functools.reduce(Moments.with_rows, rows_of(batches, axis), Moments())
    return _scaling(moments.mean, np.sqrt(moments.variance))


def fit_min_max(batches: Iterable[Any], *, axis: int | tuple[int, ...] = -1) -> Scaling:
    """Fits a scaling of the least to 0 and of the greatest to 1. See `fit_z_score`."""
    moments = functools.reduce(Moments.with_rows, rows_of(batches, axis), Moments())
    return _scaling(moments.least, moments.greatest - moments.least)


def fit_robust(
    batches: Iterable[Any], *, axis: int | tuple[int, ...] = -1, size: int = 100_000, seed: int = 0
) -> Scaling:
    """Fits a scaling of the median to 0 and of the spread between the quartiles to 1.

    Outliers move it little. The quartiles are exact up to `size` rows, and beyond that those of an
    even sample of so many. See `fit_z_score` for the other arguments.

    Args:
        size: int. Rows kept in memory.
        seed: int. Of the sample.

    Returns:
        `Scaling`.
    """
    sample = Sample(size, seed=seed)
    for rows in rows_of(batches, axis):
        sample.add(rows)
    low, median, high = sample.quantiles([0.25, 0.5, 0.75])
    return _scaling(median, high - low)


def _scaling(offset, scale):
    """Constant features, but for rounding, are divided by 1."""
    tiny = 1e-9 * np.maximum(1e-9, np.abs(offset))
    return Scaling(offset, np.where(scale > tiny, scale, 1.0))


def _as_tuples(numbers):
    return tuple(map(_as_tuples, numbers)) if isinstance(numbers, list) else numbers

"""Mean, variance, range and quantiles of rows that come batch by batch, in one pass."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np


@dataclasses.dataclass(frozen=True)
class Moments:
    """Count, mean, variance and range of rows; two of them merge into that of all rows.

    Args:
        count: int. Rows read.
        mean: float64 array of a row's shape.
        squares: float64 array, the sum of squared distances from the mean.
        least: float64 array.
        greatest: float64 array.

    Example:

    >>> Moments().with_rows(np.array([1.0, 3.0])).with_rows(np.array([5.0])).variance.round(3)
    2.667

    Reference:
        [Chan et al., 1983](https://doi.org/10.1080/00031305.1983.10483115)
    """

    count: int = 0
    mean: np.ndarray | float = 0.0
    squares: np.ndarray | float = 0.0
    least: np.ndarray | float = 0.0
    greatest: np.ndarray | float = 0.0

    @property
    def variance(self) -> np.ndarray | float:
        """Variance over the rows, 0 of none."""
        return self.squares / max(self.count, 1)

    def with_rows(self, rows: np.ndarray) -> Moments:
        """These moments with further rows, an array of shape `(N, ...)`."""
        mean = rows.mean(axis=0, dtype=np.float64) if len(rows) else 0.0
        squares = np.square(rows - mean).sum(axis=0)
        if not len(rows):
            return self if self.count else Moments(0, *[squares] * 4)
        return self.merge(Moments(len(rows), mean, squares, rows.min(axis=0), rows.max(axis=0)))

    def merge(self, other: Moments) -> Moments:
        """The moments of the rows of both."""
        if not self.count or not other.count:
            return self if self.count else other
        count = self.count + other.count
        apart = other.mean - self.mean
        return Moments(
            count,
            self.mean + apart * (other.count / count),
            self.squares + other.squares + apart**2 * (self.count * other.count / count),
            np.minimum(self.least, other.least),
            np.maximum(self.greatest, other.greatest),
        )


class Sample:
    """An even random sample of rows: those with the smallest of random keys.

    Args:
        size: int. Most rows kept.
        seed: int. Same seed and rows, same sample.

    Raises:
        ValueError: if `size` is below 1.
    """

    def __init__(self, size: int, *, seed: int = 0) -> None:
        if size < 1:
            raise ValueError(f"`size` must be at least 1. Received: size={size}")
        self.size = size
        self.rng = np.random.default_rng(seed)
        self.keys = np.zeros(0)
        self.rows: np.ndarray | None = None

    def add(self, rows: np.ndarray) -> None:
        """Takes further rows `(N, ...)` into account."""
        self.keys = np.concatenate([self.keys, self.rng.random(len(rows))])
        self.rows = rows if self.rows is None else np.concatenate([self.rows, rows])
        if len(self.keys) > self.size:
            kept = np.argpartition(self.keys, self.size)[: self.size]
            self.keys, self.rows = self.keys[kept], self.rows[kept]

    def quantiles(self, shares: Sequence[float]) -> np.ndarray:
        """Quantiles of each feature, `(len(shares), ...)`; zeros of no rows."""
        if self.rows is None or not len(self.rows):
            shape = () if self.rows is None else self.rows.shape[1:]
            return np.zeros((len(shares), *shape))
        return np.quantile(self.rows, shares, axis=0)


def rows_of(batches: Iterable[Any], axis: int | tuple[int, ...]) -> Iterator[np.ndarray]:
    """Yields the rows of each batch that its mask lets through.

    Args:
        batches: iterable of arrays, or of pairs of an array and a mask of its first axes.
        axis: int or tuple of int, below 0. Axes that stay together in a row.

    Returns:
        Generator of float64 arrays `(N, ...)`. A row has the axes from the first in `axis` on, with
        1 for those that are not in it.

    Raises:
        ValueError: naming the batch, if a shape does not fit or a number is not finite.
    """
    axes = {axis} if isinstance(axis, int) else set(axis)
    if any(a >= 0 for a in axes):
        raise ValueError(f"`axis` must be below 0. Received: axis={axis}")
    depth = -min(axes, default=0)
    shape = None
    for n, batch in enumerate(batches):
        values, mask = batch if isinstance(batch, tuple) else (batch, None)
        values = np.asarray(values, np.float64)
        lead = values.ndim - depth
        fits = lead >= np.ndim(mask) and shape in (None, values.shape[lead:])
        if not fits or (mask is not None and np.shape(mask) != values.shape[: np.ndim(mask)]):
            raise ValueError(
                f"Batch {n} does not fit axis={axis}, its mask or the batches before. "
                f"Received: shape {values.shape}, mask of {np.shape(mask)}"
            )
        shape = values.shape[lead:]
        yield _rows(values, mask, axes, depth, n)


def _rows(values, mask, axes, depth, n):
    """Rows of one batch: axes that are not kept go to the front and become one."""
    if mask is not None:
        values = values[np.asarray(mask, bool)]
    if not np.isfinite(values).all():
        raise ValueError(f"Batch {n} must be finite where its mask is True. Received: NaN or Inf")
    inner = [a for a in range(-depth, 0) if a not in axes]
    kept = [a for a in range(-depth, 0) if a in axes]
    outer = range(-values.ndim, -depth)
    shape = [values.shape[a] if a in axes else 1 for a in range(-depth, 0)]
    return np.transpose(values, [*outer, *inner, *kept]).reshape(-1, *shape)

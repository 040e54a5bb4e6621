"""Splits clips into parts: no group in two of them, classes in proportion."""

import collections
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import numpy as np

from mmfusion.data.coverage import cover

Row = TypeVar("Row", bound=Any)  # `Clip`, or a row of `Arrays`


def split(
    clips: Sequence[Row],
    parts: Sequence[float] = (8, 1, 1),
    *,
    by: str | None = "group",
    seed: int = 0,
) -> list[list[Row]]:
    """Splits clips by proportion, stratified by label, whole groups together.

    Each part has clips of each class wherever there are groups enough to bring it about.

    Clips whose manifest names a `split` for every one of them are split as it says.

    Args:
        clips: Sequence of `Clip`.
        parts: Sequence of positive numbers, the proportions; 8:1:1 is the book's.
        by: str or `None`. The field that must not straddle a split. A clip without one is alone.
        seed: int. Same seed, same parts.

    Returns:
        List of lists of `Clip`, one for each part, in the order of `clips`.

    Raises:
        ValueError: if there are fewer groups than parts, or a proportion is not positive.

    Example:

    >>> clips = [mm.Clip(id=str(i), text="a", group=str(i // 4)) for i in range(40)]
    >>> [len(part) for part in mm.data.split(clips, (8, 1, 1))]
    [32, 4, 4]
    """
    if not parts or min(parts) <= 0:
        raise ValueError(f"`parts` must be positive numbers. Received: parts={parts}")
    chosen = _assign(clips, np.asarray(parts, float) / sum(parts), by=by, seed=seed)
    return [
        [clip for clip, at in zip(clips, chosen, strict=True) if at == part]
        for part in range(len(parts))
    ]


def folds(
    clips: Sequence[Row], count: int = 5, *, by: str | None = "group", seed: int = 0
) -> Iterator[tuple[list[Row], list[Row]]]:
    """Yields `(train, test)` for grouped, stratified cross-validation.

    Args:
        clips: Sequence of `Clip`.
        count: int. Number of folds.
        by: str or `None`. As in `split`.
        seed: int. Same seed, same folds.
    """
    for test in (parts := split(clips, (1,) * count, by=by, seed=seed)):
        yield [clip for part in parts if part is not test for clip in part], test


def declared_split(clips: Sequence[Row]) -> list[list[Row]] | None:
    """The parts `(train, val, test)` that the manifest itself names, or `None` where it does not.

    Args:
        clips: Sequence of `Clip`.

    Returns:
        Three lists of `Clip`, or `None` unless every clip has a `split`.
    """
    if not clips or not all(clip.split for clip in clips):
        return None
    return [[clip for clip in clips if clip.split == name] for name in ("train", "val", "test")]


def _assign(clips, shares, *, by, seed):
    """Part number of each clip: the biggest groups first, each where it brings balance nearest."""
    groups = collections.defaultdict(list)
    for at, clip in enumerate(clips):
        name = getattr(clip, by) if by else None
        groups[("group", name) if name else ("clip", clip.id)].append(at)
    if len(groups) < len(shares):
        raise ValueError(
            f"A split into {len(shares)} parts needs at least as many groups. "
            f"Received: {len(groups)} groups by {by!r}"
        )
    groups = dict(sorted(groups.items()))  # a manifest in another order is split alike
    labels = {label: at for at, label in enumerate(sorted({str(clip.label) for clip in clips}))}
    counts = np.zeros((len(groups), len(labels)))  # (groups, K)
    for row, members in enumerate(groups.values()):
        for at in members:
            counts[row, labels[str(clips[at].label)]] += 1
    wanted = shares[:, None] * counts.sum(axis=0)  # (parts, K)
    order = np.random.default_rng(seed).permutation(len(groups))
    order = order[np.argsort(-counts[order].sum(axis=1), kind="stable")]
    taken = np.zeros_like(wanted)
    part_of_group = np.empty(len(groups), int)
    for left, row in zip(range(len(order), 0, -1), order, strict=True):
        excess = counts[row] * (2 * (taken - wanted) + counts[row]) / np.maximum(wanted, 1e-9)
        empty = ~taken.any(axis=1)
        barred = ~empty & (left <= empty.sum())  # the last groups go to parts that have none
        part_of_group[row] = np.argmin(excess.sum(axis=1) + np.where(barred, np.inf, 0))
        taken[part_of_group[row]] += counts[row]
    part_of_group = cover(counts, part_of_group, shares)
    chosen = np.empty(len(clips), int)
    for row, members in enumerate(groups.values()):
        chosen[members] = part_of_group[row]
    return chosen

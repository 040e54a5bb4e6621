"""Moves groups between the parts of a split until as many parts as can be have each class."""

import numpy as np

LEAST = 1e-9
EMPTY = 0.5  # what a part without a group costs, in parts that have a class


def cover(counts: np.ndarray, part_of_group: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """A split in which no move of a single group would give more parts a class that they lack.

    The largest part, which is trained on, comes first; among equals the last, which is tested on.
    Of moves that cover as much, the one that leaves the classes most in proportion is taken. No
    part is emptied for another that is as large.

    Args:
        counts: int array `(groups, K)`, rows of each class in each group.
        part_of_group: int array `(groups,)`.
        shares: float array `(parts,)`, the proportions, which sum to 1.

    Returns:
        int array `(groups,)`; the same one where nothing lacks.

    Example:

    >>> counts = np.array([[9, 0], [1, 1], [1, 1], [1, 0]])
    >>> cover(counts, np.array([0, 0, 0, 1]), np.array([0.8, 0.2]))
    array([0, 1, 0, 1])
    """
    part_of_group, has = part_of_group.copy(), (counts > 0).astype(int)
    held, taken = np.zeros((2, len(shares), counts.shape[1]))  # groups and rows, (parts, K) each
    np.add.at(held, part_of_group, has)
    np.add.at(taken, part_of_group, counts)
    wanted = np.maximum(shares[:, None] * counts.sum(axis=0), LEAST)
    weights, moved = _weights(shares, counts.shape[1]), True
    while moved:
        moved = False
        lacking = np.argwhere(held == 0)
        for part, label in lacking[np.argsort(-weights[lacking[:, 0]], kind="stable")]:
            groups = np.flatnonzero(has[:, label] * (part_of_group != part))
            if held[part, label] or not len(groups):
                continue
            sources, rows = part_of_group[groups], counts[groups]
            gains = weights[part] * (has[groups] * (held[part] == 0)).sum(axis=1)
            gains -= weights[sources] * (has[groups] * (held[sources] == 1)).sum(axis=1)
            gains -= EMPTY * (np.bincount(part_of_group)[sources] == 1)
            excess = rows * (2 * (taken[part] - wanted[part]) + rows) / wanted[part]
            excess += rows * (2 * (wanted - taken)[sources] + rows) / wanted[sources]
            best = np.lexsort((excess.sum(axis=1), -gains))[0]
            if gains[best] > 0:
                for values, each in ((held, has[groups[best]]), (taken, rows[best])):
                    values[part] += each
                    values[sources[best]] -= each
                part_of_group[groups[best]], moved = part, True
    return part_of_group


def _weights(shares, classes):
    """What it is worth that a part has a class, `(parts,)`."""
    order = np.argsort(np.argsort(shares + LEAST * np.arange(len(shares))))
    weights = 1 + order / (1000 * len(shares) * classes)
    largest = np.isclose(shares, shares.max())
    return np.where(largest & ~largest.all(), 2.0 * classes * len(shares), weights)

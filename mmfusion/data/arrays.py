"""Corpora that come as arrays: a row for each clip, or for each utterance of a sequence."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from mmfusion.specs import MASK_SUFFIX, SENTENCES_SUFFIX


@dataclasses.dataclass(frozen=True)
class Row:
    """What is known of one row beside its arrays: its name, class, group and part."""

    id: str
    label: str | None
    group: str | None = None
    split: str | None = None


@dataclasses.dataclass(frozen=True)
class Arrays:
    """Rows of arrays by modality, with their masks, in the order in which they are scored.

    Args:
        path: Path of the file.
        tensors: dict of modality to array, words `(N, T)` or numbers `(N, T, ...)`, and of
            `<modality>_mask` to bool `(N, T)`. Where rows are the steps of sequences they have
            no axis T.
        clips: tuple of N `Row`.
        names: tuple of str. All classes in the order of the file.
        ordered: bool. Whether the rows of a group follow each other as one sequence.
    """

    path: Path
    tensors: dict
    clips: tuple
    names: tuple
    ordered: bool = False
    quarantined: tuple = ()

    def __len__(self) -> int:
        return len(self.clips)

    @property
    def modalities(self) -> list[str]:
        """The names of the modalities, sorted."""
        return sorted(name for name in self.tensors if name + MASK_SUFFIX in self.tensors)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as dicts of `id`, `label`, `group`, `split` and `valid_steps` by modality."""
        masks = {name: self.tensors[name + MASK_SUFFIX] for name in self.modalities}
        counts = {name: mask.sum(axis=tuple(range(1, mask.ndim))) for name, mask in masks.items()}
        return [
            {**vars(row), "valid_steps": {name: int(each[at]) for name, each in counts.items()}}
            for at, row in enumerate(self.clips)
        ]

    @property
    def classes(self) -> list[str]:
        """The classes that occur, in their order."""
        there = {row.label for row in self.clips}
        return [name for name in self.names if name in there]

    @property
    def lengths(self) -> np.ndarray:
        """Rows of each sequence, in order."""
        groups = np.array([row.group for row in self.clips])
        starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]][: len(groups)])
        return np.diff(np.r_[starts, len(groups)])

    def select(self, rows: Iterable[Row]) -> Arrays:
        """These rows narrowed to the given ones, in their old order."""
        ids = {row.id for row in rows}
        return self._at(np.flatnonzero([row.id in ids for row in self.clips]))

    def only(self, modalities: Iterable[str]) -> Arrays:
        """These rows without any other modality."""
        suffixes = ("", MASK_SUFFIX, SENTENCES_SUFFIX)
        kept = {name + suffix for name in modalities for suffix in suffixes}
        tensors = {name: array for name, array in self.tensors.items() if name in kept}
        return dataclasses.replace(self, tensors=tensors)

    def in_sequence(self, groups: np.ndarray, places: np.ndarray) -> Arrays:
        """These rows as the steps of sequences, each group in the order of its places."""
        _, first, number = np.unique(groups, return_index=True, return_inverse=True)
        rows = self._at(np.lexsort((places, first[number.ravel()])))
        return dataclasses.replace(rows, ordered=True)

    def _at(self, places):
        return dataclasses.replace(
            self,
            tensors={name: array[places] for name, array in self.tensors.items()},
            clips=tuple(self.clips[at] for at in places),
        )


def is_image(values: np.ndarray) -> bool:
    """Whether an array `(N, T, ...)` holds images: bytes with height, width and channels."""
    return values.dtype == np.uint8 and values.ndim == 5

"""Corpora that come as arrays: a row for each clip, or for each utterance of a sequence."""

from __future__ import annotations

import dataclasses
import difflib
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mmfusion.data.manifest import SPLITS
from mmfusion.specs import MASK_SUFFIX, SENTENCES_SUFFIX

MOST_BYTES = 16 * 2**30  # unpacked: a small file may hold many zeros
RANKS = {"U": (1,), "u": (2, 3, 4, 5), "f": (2, 3, 4, 5), "i": (2, 3)}  # by kind of number


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
        """The rows as dicts of `id`, `label`, `group` and `valid_steps` by modality."""
        masks = {name: self.tensors[name + MASK_SUFFIX] for name in self.modalities}
        counts = {name: mask.sum(axis=tuple(range(1, mask.ndim))) for name, mask in masks.items()}
        return [
            {
                "id": row.id,
                "label": row.label,
                "group": row.group,
                "valid_steps": {name: int(count[at]) for name, count in counts.items()},
            }
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


def read_arrays(
    path: str | Path,
    *,
    modalities: Sequence[str] | None = None,
    label: str | None = "label",
    group: str | None = None,
    order: str | None = None,
) -> Arrays:
    """Reads an `.npz` file of arrays that all have a row for each clip.

    An array `class_names` gives names to labels that are numbers; `id` names the rows, and `split`
    says which part they belong to.

    Args:
        path: Path of the file.
        modalities: sequence of str. Keys of the arrays to read; all that can be by default.
        label: str. Key of the class of each row, numbers or names; `None` for rows without.
        group: str. Key of what must not straddle a split.
        order: str. Key of the place of a row within its group. The rows of a group are then one
            sequence, and each is labelled in the context of the others.

    Returns:
        Arrays. What is NaN, and words that are empty, are absent.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file and the key, if an array is missing or does not fit.
    """
    path, arrays = Path(path), _loaded(Path(path))
    if order and not group:
        raise ValueError(f"`order` needs `group`, whose rows it puts in order. Received: {order!r}")
    keys = {
        name: key for name, key in [("label", label), ("group", group), ("order", order)] if key
    }
    columns = {name: _array(arrays, key, path) for name, key in keys.items()}
    count = len(columns["label"] if label else _array(arrays, "id", path))
    found = modalities or _possible(arrays, keys.values(), count)
    values = {name: _array(arrays, name, path) for name in sorted(found)}
    _check(values, columns, count, path)
    labels, names = [None] * count, ()
    if label:
        labels, names = _labels(columns["label"], arrays.get("class_names"), path)
    kwargs = {key: arrays[key] for key in ("id", "split") if key in arrays}
    tensors = {}
    for name, array in values.items():
        tensors[name], tensors[name + MASK_SUFFIX] = _masked(array, bool(order))
    rows = Arrays(path, tensors, _rows(labels, columns.get("group"), path, **kwargs), names)
    return rows.in_sequence(columns["group"], columns["order"]) if order else rows


def is_image(values: np.ndarray) -> bool:
    """Whether an array `(N, T, ...)` holds images: bytes with height, width and channels."""
    return values.dtype == np.uint8 and values.ndim == 5


def _loaded(path):
    if not path.is_file():
        raise FileNotFoundError(f"No arrays at this path. Received: {path}")
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
        if size > MOST_BYTES:
            raise ValueError(f"{size} bytes of arrays, at most {MOST_BYTES} expected")
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (zipfile.BadZipFile, ValueError, EOFError, OSError) as error:
        raise ValueError(f"{path}: not an .npz file of plain arrays. Received: {error}") from error


def _array(arrays, key, path):
    if key not in arrays:
        nearest = difflib.get_close_matches(key, arrays, n=1, cutoff=0)
        raise ValueError(f"{path}: no array {key!r}; the nearest is {nearest}")
    return arrays[key]


def _possible(arrays, taken, count):
    """The keys of numbers with a row for each label."""
    return [
        name
        for name, array in arrays.items()
        if name not in taken and array.ndim > 1 and len(array) == count
    ]


def _check(values, columns, count, path):
    if not values:
        raise ValueError(f"{path}: no array to read. Name some by --modalities")
    for name, array in {**columns, **values}.items():
        if len(array) != count:
            raise ValueError(f"{path}: {name!r} must have {count} rows. Received: {len(array)}")
    for name, array in values.items():
        if array.ndim not in RANKS.get(array.dtype.kind, ()) or 0 in array.shape[1:]:
            raise ValueError(
                f"{path}: {name!r} must be words (N,), or numbers (N, D), (N, T, D) or "
                f"(N, T, H, W). Received: {array.dtype} {array.shape}"
            )


def _labels(array, class_names, path):
    """The name of the class of each row, and all classes in order."""
    if array.ndim != 1 or array.dtype.kind not in "bUiu":
        raise ValueError(
            f"{path}: the labels must be one whole number or one name for each row. "
            f"Received: {array.dtype} {array.shape}"
        )
    if class_names is None or array.dtype.kind == "U":
        return [str(label) for label in array], tuple(map(str, np.unique(array)))
    if len(array) and not 0 <= array.min() <= array.max() < len(class_names):
        raise ValueError(
            f"{path}: labels must be places in `class_names`, 0 to {len(class_names) - 1}. "
            f"Received: {array.min()} to {array.max()}"
        )
    return [str(class_names[label]) for label in array], tuple(map(str, class_names))


def _rows(labels, groups, path, id=None, split=None):
    ids = range(len(labels)) if id is None else id
    parts = [None] * len(labels) if split is None else [str(part) for part in split]
    if not {*parts} <= {None, *SPLITS}:
        raise ValueError(f"{path}: `split` must hold {SPLITS}. Received: {sorted({*parts})}")
    groups = [None] * len(labels) if groups is None else map(str, groups)
    rows = [Row(str(i), *rest) for i, *rest in zip(ids, labels, groups, parts, strict=True)]
    if len({row.id for row in rows}) < len(rows):
        raise ValueError(f"{path}: `id` must be another one for each row")
    return tuple(rows)


def _masked(values, ordered):
    """An array with its axis of steps and of channels, zeros where absent, and its mask."""
    words = values.dtype.kind == "U"
    if not ordered and values.ndim == (1 if words else 2):
        values = values[:, None]  # (N, 1, ...)
    if not words and values.ndim == 4:
        values = values[..., None]  # (N, T, H, W, 1)
    if words:
        return values, values != ""
    if values.dtype != np.uint8 or values.ndim < 5:
        values = values.astype(np.float32)
    features = tuple(range(1 if ordered else 2, values.ndim))
    mask = np.isfinite(values).all(axis=features)
    if not mask.all():
        values = np.where(mask.reshape(*mask.shape, *[1] * len(features)), values, 0)
    return values, mask

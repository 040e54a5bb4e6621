"""Reads an `.npz` file as rows of arrays."""

import difflib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mmfusion.data.arrays import Arrays, Row
from mmfusion.data.manifest import SPLITS
from mmfusion.specs import MASK_SUFFIX

MOST_BYTES = 16 * 2**30  # unpacked: a small file may hold many zeros
RANKS = {"U": (1,), "u": (2, 3, 4, 5), "f": (2, 3, 4, 5), "i": (2, 3)}  # by kind of number


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

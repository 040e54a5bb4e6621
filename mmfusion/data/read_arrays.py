"""Reads an `.npz` file as rows of arrays."""

import difflib
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mmfusion.data.arrays import Arrays, Row
from mmfusion.data.declared_mask import declared_mask
from mmfusion.data.manifest import SPLITS
from mmfusion.data.npz import NpzFile
from mmfusion.data.spellings import Spellings
from mmfusion.specs import MASK_SUFFIX

logger = logging.getLogger(__name__)

NOT_FINITE = ("mask", "refuse")
RANKS = {"U": (1,), "u": (2, 3, 4, 5), "f": (2, 3, 4, 5), "i": (2, 3)}  # by kind of number


def read_arrays(
    path: str | Path,
    *,
    modalities: Sequence[str] | None = None,
    label: str | None = "label",
    group: str | None = None,
    order: str | None = None,
    not_finite: str = "mask",
) -> Arrays:
    """Reads an `.npz` file of arrays that all have a row for each clip.

    An array `class_names` gives names to labels that are numbers; `id` names the rows, and `split`
    says which part they belong to. `<modality>_mask`, bool `(N, T)`, and `<modality>_lengths`, the
    steps of each row, say what is present. Other arrays of the file are not read.

    Args:
        path: Path of the file.
        modalities: sequence of str. Keys of the arrays to read; all that can be by default.
        label: str. Key of the class of each row, numbers or names; `None` for rows without.
        group: str. Key of what must not straddle a split.
        order: str. Key of the place of a row within its group. The rows of a group are then one
            sequence, and each is labelled in the context of the others.
        not_finite: str. What is NaN or infinite is absent and logged (`"mask"`), or an error
            (`"refuse"`).

    Returns:
        Arrays. Words that are empty are absent; a row whose label is NaN or empty has none.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file and the key, if an array is missing or does not fit.
    """
    path, arrays = Path(path), NpzFile(path)
    if not_finite not in NOT_FINITE:
        raise ValueError(f"`not_finite` must be one of {NOT_FINITE}. Received: {not_finite!r}")
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
    labels: Sequence[str | None] = [None] * count
    names: tuple[str, ...] = ()
    if label:
        labels, names = label_names(columns["label"], arrays.get("class_names"), path)
    kwargs = {key: arrays[key] for key in ("id", "split") if key in arrays}
    groups: list[str | None] = [str(each) for each in columns["group"]] if group else []
    if not order:  # the members of a sequence are those the file names
        spellings = Spellings(f"{path}: {group}")
        groups = [spellings[each] for each in groups]
    clips, tensors = _rows(labels, groups, path, **kwargs), {}
    for name, array in values.items():
        tensor, finite = _with_steps(array, bool(order))
        declared = declared_mask(arrays, name, finite.shape, path)
        if array.dtype.kind == "f":
            _report(name, finite | ~declared, clips, path, refuse=not_finite == "refuse")
        tensors[name], tensors[name + MASK_SUFFIX] = _masked(tensor, finite & declared)
    rows = Arrays(path, tensors, clips, names)
    return rows.in_sequence(columns["group"], columns["order"]) if order else rows


def _array(arrays, key, path):
    if key not in arrays:
        nearest = difflib.get_close_matches(key, arrays, n=1, cutoff=0)
        raise ValueError(f"{path}: no array {key!r}; the nearest is {nearest}")
    if not (array := arrays[key]).ndim:
        raise ValueError(f"{path}: {key!r} must have rows. Received: a single {array.dtype}")
    return array


def _possible(arrays, taken, count):
    """The keys of numbers with a row for each label."""
    return [
        name
        for name, stored in arrays.plain.items()
        if name not in taken and len(stored.shape) > 1 and stored.shape[0] == count
        if not (name.endswith(MASK_SUFFIX) and name.removesuffix(MASK_SUFFIX) in arrays)
    ]


def _check(values, columns, count, path):
    if not values:
        raise ValueError(f"{path}: no array to read. Name some by --modalities")
    for name, array in {**columns, **values}.items():
        if len(array) != count:
            raise ValueError(f"{path}: {name!r} must have {count} rows. Received: {len(array)}")
    for name, array in values.items():
        if "/" in name:
            raise ValueError(f"{path}: a name of a modality holds no slash. Received: {name!r}")
        if array.ndim not in RANKS.get(array.dtype.kind, ()) or 0 in array.shape[1:]:
            raise ValueError(
                f"{path}: {name!r} must be words (N,), or numbers (N, D), (N, T, D) or "
                f"(N, T, H, W). Received: {array.dtype} {array.shape}"
            )


def label_names(
    array: np.ndarray, class_names: np.ndarray | None, path: str | Path
) -> tuple[list[str | None], tuple[str, ...]]:
    """The name of the class of each row, and all classes in order.

    Args:
        array: names, or whole numbers, `(N,)`.
        class_names: array of the names of the numbers, or `None`.
        path: Path of the file, for errors.

    Returns:
        Tuple of a list of N str, `None` where the label is NaN or empty, and a tuple of str.

    Raises:
        ValueError: if the labels are neither, or a number has no name.
    """
    missing = np.zeros(array.shape, bool)
    if array.dtype.kind == "f":  # as tables write whole numbers, some of which are missing
        missing = np.isnan(array)
        whole = np.where(missing, 0, array)
        array = whole.astype(int) if (whole == np.round(whole)).all() else array
    if array.ndim != 1 or array.dtype.kind not in "bUiu":
        raise ValueError(
            f"{path}: the labels must be one whole number or one name for each row. "
            f"Received: {array.dtype} {array.shape}"
        )
    known = array[~missing]
    if class_names is None or array.dtype.kind == "U":
        spellings = Spellings(f"{path}: label")
        names = tuple(dict.fromkeys(spellings[str(label)] for label in np.unique(known)))
        labels = [
            None if no else spellings[str(label)] for label, no in zip(array, missing, strict=True)
        ]
        return labels, tuple(name for name in names if name is not None)
    if len(known) and not 0 <= known.min() <= known.max() < len(class_names):
        raise ValueError(
            f"{path}: labels must be places in `class_names`, 0 to {len(class_names) - 1}. "
            f"Received: {known.min()} to {known.max()}"
        )
    labels = [
        None if no else str(class_names[label]) for label, no in zip(array, missing, strict=True)
    ]
    return labels, tuple(map(str, class_names))


def _report(name, mask, clips, path, *, refuse):
    """Says which rows have values that are not finite, in the order of the file."""
    rows = np.flatnonzero(~mask.reshape(len(clips), -1).all(axis=1))
    if len(rows):
        found = f"{path}: {name!r} is NaN or infinite in {len(rows)} of {len(clips)} rows"
        first = f"first {clips[rows[0]].id!r}"
        if refuse:
            raise ValueError(f"{found}. Received: {first}")
        logger.warning("%s, %s: absent there", found, first)


def _rows(labels, groups, path, id=None, split=None):
    ids = range(len(labels)) if id is None else id
    spelled = Spellings(f"{path}: split")
    parts = [spelled[None if split is None else str(split[at]).lower()] for at in range(len(ids))]
    if not {*parts} <= {None, *SPLITS}:
        received = sorted({*parts} - {None})
        raise ValueError(f"{path}: `split` must hold {SPLITS}. Received: {received}")
    groups = groups or [None] * len(labels)
    rows = [Row(str(i), *rest) for i, *rest in zip(ids, labels, groups, parts, strict=True)]
    if len({row.id for row in rows}) < len(rows):
        raise ValueError(f"{path}: `id` must be another one for each row")
    return tuple(rows)


def _with_steps(values, ordered):
    """An array with its axis of steps and of channels, and the steps at which it is finite."""
    words = values.dtype.kind == "U"
    if not ordered and values.ndim == (1 if words else 2):
        values = values[:, None]  # (N, 1, ...)
    if not words and values.ndim == 4:
        values = values[..., None]  # (N, T, H, W, 1)
    if words:
        return values, values != ""
    if values.dtype != np.uint8 or values.ndim < 5:
        with np.errstate(over="ignore"):  # what is too large for it is infinite
            values = values.astype(np.float32)
    return values, np.isfinite(values).all(axis=tuple(range(1 if ordered else 2, values.ndim)))


def _masked(values, mask):
    """An array with nothing where its mask is False, and the mask."""
    if mask.all():
        return values, mask
    nothing = np.zeros((), values.dtype)
    return np.where(
        mask.reshape(*mask.shape, *[1] * (values.ndim - mask.ndim)), values, nothing
    ), mask

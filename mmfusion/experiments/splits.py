"""The rows of a training by part, and the classes that can be learned from them."""

import collections
import logging
from collections.abc import Collection, Mapping, Sequence

from mmfusion import defaults
from mmfusion.data.missing_files import is_there, missing_files
from mmfusion.data.split import declared_split, split
from mmfusion.experiments.corpus import Corpus, Part, Row
from mmfusion.files import sha256
from mmfusion.specs import MODALITIES

logger = logging.getLogger(__name__)

Parts = Mapping[str, Sequence[Row]]
NAMES = ("train", "val", "test")
SHARES = (8, 1, 1)
VALIDATION_SHARES = (7, 1)
FEWEST_GROUPS = 10  # with fewer, two parts held back are far more than two tenths


def parts_of(corpus: Corpus, *, val: Corpus | None = None, seed: int = 0) -> Parts:
    """The rows by part: what `val` holds, what the corpus declares, or 8:1:1 by group.

    Args:
        corpus: Corpus.
        val: Corpus to validate on, or `None`.
        seed: int. Of the split.

    Returns:
        dict of `"train"`, `"val"` and `"test"` to sequences of rows.

    Raises:
        ValueError: if a class has a single row, or no row to train on, or a row is both trained
            and validated on, or only some rows declare their part.
    """
    _check_declared(corpus)
    declared = declared_split(corpus.rows)
    if val is not None:
        _check_validation(corpus, val)
        train, _, test = declared or (corpus.rows, (), ())
        parts = dict(zip(NAMES, (train, val.rows, test), strict=True))
    else:
        _check_counts(corpus, declared)
        found = declared or split(corpus.rows, SHARES, seed=seed)
        parts = dict(zip(NAMES, found, strict=True))
    check_classes(corpus.path, parts, modalities=corpus.modalities)
    report_classes(corpus.path, parts, "their `split`" if declared else "too few groups")
    return parts


def with_validation(rows: Sequence[Row], *, seed: int = 0) -> tuple[Sequence[Row], Sequence[Row]]:
    """Rows to train on and an eighth of them to validate on, by group.

    Where there are fewer than eight groups nothing validates: a group would be more than an eighth.

    Args:
        rows: Sequence of rows that are not tested on.
        seed: int. Of the split.

    Returns:
        Tuple of two sequences of rows.
    """
    if count_groups(rows) < sum(VALIDATION_SHARES):
        return rows, ()
    train, val = split(rows, VALIDATION_SHARES, seed=seed)
    return train, val


def count_groups(rows: Sequence[Row]) -> int:
    """How many groups there are; a row without one is alone."""
    return len({("group", row.group) if row.group else ("row", row.id) for row in rows})


def check_classes(path: str, parts: Parts, *, modalities: Collection[str] = MODALITIES) -> None:
    """Raises a `ValueError` where a class is in no row to train on whose files are there."""
    labels = {name: {row.label for row in part} - {None} for name, part in parts.items()}
    rest = set().union(*labels.values())
    for row in parts["train"]:
        if row.label in rest and is_there(row, modalities):
            rest.remove(row.label)
    if rest:
        missing = missing_files((row for part in parts.values() for row in part), modalities)
        raise ValueError(
            f"{path}: each class needs a row to train on. "
            f"Received: none of {sorted(map(str, rest))}{missing and '; '}{missing}"
        )


def report_classes(path: str, parts: Parts, why: str) -> None:
    """Warns of classes that are trained on and that a part to validate or test on has no row of.

    Args:
        path: str. Of the corpus.
        parts: dict of part to rows.
        why: str. What parted them, as `"too few groups"`.
    """
    known = {row.label for row in parts["train"]} - {None}
    for name, done in (("val", "validated"), ("test", "tested")):
        absent = sorted(map(str, known - {row.label for row in parts[name]}))
        if parts[name] and absent:
            logger.warning("%s: no row of %s is %s on, by %s", path, absent, done, why)


def learnable_classes(train: Part, parts: Parts, path: str) -> list[str]:
    """The classes of the readable rows to train on, in the corpus's order.

    Raises:
        ValueError: if a class of any part has no readable row to train on.
    """
    labels = {row.label for part in parts.values() for row in part} - {None}
    unseen = sorted(map(str, labels - set(train.classes)))
    if unseen:
        lost = [f"{row['id']!r}: {row['kind']}: {row['reason']}" for row in train.quarantined]
        first = f"; {len(lost)} rows cannot be read, first {lost[0]}" if lost else ""
        raise ValueError(
            f"{path}: each class needs a readable row to train on. "
            f"Received: none of {unseen}{first}"
        )
    return train.classes


def fit_batch_size(batch_size: int | None, rows: Sequence[Row], *, raw: bool) -> int:
    """The batch size wanted, or one that the rows to train on fill.

    Args:
        batch_size: int or `None`.
        rows: Sequence of rows, or of sequences, to train on.
        raw: bool. Whether they are clips or sequences, larger than rows of features.

    Returns:
        int.

    Raises:
        ValueError: if it is larger than the data.
    """
    if batch_size is None:
        return min(defaults.BATCH_SIZE if raw else defaults.BATCH_ROWS, len(rows))
    if not 1 <= batch_size <= len(rows):
        raise ValueError(
            f"`batch_size` must be 1 to the {len(rows)} rows to train on. "
            f"Received: batch_size={batch_size}"
        )
    return batch_size


def part_to_score(part: str | None, manifest: str, config: Mapping) -> str:
    """The part to evaluate on: `test` of what the run was trained on, `all` of anything else.

    Args:
        part: str. The one that was named, or `None`.
        manifest: str. Path of what is evaluated on.
        config: dict, what `config.json` holds; empty for an exported model.

    Returns:
        str.
    """
    same = config.get("manifest_sha256") == sha256(manifest)
    return part or ("test" if same else "all")


def _check_declared(corpus: Corpus) -> None:
    without = [row.id for row in corpus.rows if not row.split]
    if 0 < len(without) < len(corpus.rows):
        raise ValueError(
            f"{corpus.path}: `split` must be filled in all rows or in none. "
            f"Received: {len(without)} of {len(corpus.rows)} without, first {without[0]!r}"
        )


def _check_validation(corpus: Corpus, val: Corpus) -> None:
    shared = {row.id for row in corpus.rows} & {row.id for row in val.rows}
    if shared and corpus.spec is not None:  # of arrays, ids may be but numbers of rows
        raise ValueError(f"{val.path}: rows that are trained on. Received: {min(shared)!r}")
    unknown = {row.label for row in corpus.rows} - {row.label for row in val.rows}
    if unknown:
        raise ValueError(
            f"{val.path}: no row to validate on. Received: none of {sorted(map(str, unknown))}"
        )


def _check_counts(corpus: Corpus, declared: object) -> None:
    counts = collections.Counter(row.label for row in corpus.rows)
    alone = sorted(str(label) for label in counts if counts[label] == 1)
    if alone and not declared:
        raise ValueError(
            f"{corpus.path}: each class needs a row to train on and one to test. "
            f"Received: a single one of {alone}"
        )

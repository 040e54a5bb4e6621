"""Rows of a CSV or JSONL file as dicts of str, whatever its encoding and its delimiter."""

import csv
import itertools
import json
import logging
from collections.abc import Iterator
from pathlib import Path

from mmfusion.media.encoding import NAMES, encoding_of

logger = logging.getLogger(__name__)

Row = dict[str, str]
DELIMITERS = ",;\t|"
DECLARED = "sep="  # how a spreadsheet names its delimiter, in a line of its own
HEAD_BYTES = 1 << 16
SAMPLE_LINES = 1000
FIELD_CHARACTERS = 1 << 27
JSONL = (".jsonl", ".ndjson")


def read_rows(path: str | Path, *, key: str = "id") -> Iterator[tuple[int, Row]]:
    """Yields `(row number, row)` without empty values; the number is the line where the row ends.

    Args:
        path: Path of a `.jsonl` file, or of a CSV file of any other suffix.
        key: str. A column that there must be, by which the delimiter is recognised.

    Raises:
        ValueError: naming the file and the row, if it cannot be read, or a column is named twice.
    """
    path = Path(path)
    with _opened(path) as file:
        try:
            yield from (_jsonl if path.suffix in JSONL else _csv)(file, path, key)
        except UnicodeDecodeError as error:
            raise ValueError(f"{path}: neither UTF-8 nor {file.encoding}: {error}") from error


def read_header(path: str | Path) -> list[str]:
    """The columns of a file: those of its first line, of a JSONL file the keys of its first row.

    Args:
        path: Path.

    Returns:
        list of str.

    Raises:
        ValueError: naming the file, if it cannot be read.
    """
    path = Path(path)
    with _opened(path, quiet=True) as file:
        if path.suffix in JSONL:
            return list(next(_objects(file, path), (0, {}))[1])
        delimiter, _ = _delimiter(file, "id")
        return _names(next(csv.reader(file, delimiter=delimiter), []))


def _opened(path, *, quiet=False):
    encoding, row = _encoding(path)
    if encoding is None:
        raise ValueError(f"{path}, row {row}: a manifest must be UTF-8. Received: other bytes")
    if row and not quiet:
        logger.warning("%s, row %d: not UTF-8, read as %s", path, row, NAMES[encoding])
    return open(path, encoding=encoding, newline="")


def _encoding(path):
    """The encoding of a file, and the first row that is not UTF-8, 0 where all are."""
    with open(path, "rb") as file:
        found = encoding_of(file.read(HEAD_BYTES)) or ""
        if found.startswith("utf-16"):
            return found, 0
        file.seek(0)
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                foreign = (line for line in file if not line.isascii())
                found = encoding_of(b"".join([line, *itertools.islice(foreign, SAMPLE_LINES)]))
                return (None if found == "utf-8-sig" else found), number
    return "utf-8-sig", 0


def _delimiter(file, key):
    """The delimiter that makes `key` a column, and how many lines there are before the columns."""
    line, start, wanted = file.readline(), 0, DELIMITERS
    if line.lower().startswith(DECLARED):
        wanted, start = line[len(DECLARED) :].strip(" \r\n") or DELIMITERS, file.tell()
        line = file.readline()
    found = (each for each in wanted if key in _names(next(csv.reader([line], delimiter=each), [])))
    file.seek(start)
    return next(found, ","), int(start > 0)


def _csv(file, path, key):
    delimiter, skipped = _delimiter(file, key)
    reader = csv.reader(file, delimiter=delimiter, strict=True, skipinitialspace=True)
    number, columns = 0, None
    try:
        while (values := _next(reader)) is not None:
            number = reader.line_num + skipped
            if columns is None:
                columns = _columns(values, path, key)
            elif _names(values) == columns:
                logger.warning("%s, row %d: the header once more, left out", path, number)
            elif any(values[len(columns) :]):
                raise ValueError(
                    f"{path}, row {number}: expected {len(columns)} values. "
                    f"Received: {len(values) - len(columns)} more"
                )
            elif values:
                yield number, _row(zip(columns, values, strict=False), key)
    except csv.Error as error:
        raise ValueError(f"{path}, after row {number}: not CSV. Received: {error}") from error
    if columns is None:
        _columns([], path, key)


def _next(reader):
    """The next row of any length; csv's own bound on a field is global, and so put back."""
    bound = csv.field_size_limit(FIELD_CHARACTERS)
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(bound)


def _names(values):
    return [name.strip() for name in values]


def _columns(values, path, key):
    columns = _names(values)
    if key not in columns:
        raise ValueError(f"{path}: no column `{key}`. Received: columns {columns}")
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise ValueError(f"{path}: each column must be named once. Received: {twice} twice")
    return columns


def _row(items, key):
    row = {name: value for name, value in items if name and value}
    if key in row and not row[key].strip():
        del row[key]
    return row | {key: row[key].strip()} if key in row else row


def _jsonl(file, path, key):
    for number, row in _objects(file, path):
        filled = ((name, _text(value)) for name, value in row.items() if value is not None)
        yield number, _row(filled, key)


def _text(value):
    """A value as text that can be written: JSON may hold halves of characters."""
    return str(value).encode("utf-8", errors="replace").decode("utf-8")


def _objects(file, path):
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, object_pairs_hook=_once)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{path}, row {number}: not JSON. Received: {error}") from error
        if not isinstance(row, dict):
            raise ValueError(f"{path}, row {number}: not an object. Received: {line.strip()[:40]}")
        yield number, row


def _once(pairs):
    row = dict(pairs)
    if len(row) < len(pairs):
        raise ValueError(f"a key twice among {[name for name, _ in pairs]}")
    return row

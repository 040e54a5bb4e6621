"""A manifest lists clips: CSV or JSONL, one clip a row, paths confined to its folder."""

import csv
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mmfusion.specs import Clip

CAPTION_SUFFIXES = (".srt", ".vtt", ".txt", ".align")
PATH_COLUMNS = ("video", "audio", "transcript")
TIME_COLUMNS = ("start_s", "end_s")
SPLITS = ("train", "val", "test")
COLUMNS = ("id", *PATH_COLUMNS, "text", "label", "group", "split", *TIME_COLUMNS)


def read_manifest(path: str | Path, *, label: str = "label", group: str = "group") -> list[Clip]:
    """Reads a whole manifest into a list of `Clip`.

    Args:
        path: Path of a `.csv` or `.jsonl` file. Its columns are `id, video, audio, text,
            transcript, label, group, split, start_s, end_s`; all but `id` and one modality are
            optional, and any other column is left alone. A `transcript` that does not end in
            `.srt`, `.vtt`, `.txt` or `.align` is the words themselves.
        label: str. The column that holds the class.
        group: str. The column that holds the group.

    Returns:
        List of `Clip`, in the order of the rows.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file and the row, if a column or a value is wrong.
    """
    return list(iterate_manifest(path, label=label, group=group))


def iterate_manifest(
    path: str | Path, *, label: str = "label", group: str = "group"
) -> Iterator[Clip]:
    """Yields what `read_manifest` returns, one row at a time, for manifests of any length."""
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"No manifest at this path. Received: {path}")
    root = os.path.realpath(path.parent)
    seen: dict[str, Any] = {}
    for number, row in _rows(path):
        where = f"{path}, row {number}"
        for name, default in (("label", label), ("group", group)):
            if default != name and default not in row:
                raise ValueError(
                    f"{where}: no column {default!r} to take the {name} from. "
                    f"Received: columns {sorted(row)}"
                )
        clip = _clip(row, root, where, label=label, group=group)
        if clip.id in seen:
            raise ValueError(
                f"{where}: `id` must be unique. Received: {clip.id!r}, see row {seen[clip.id]}"
            )
        seen[clip.id] = number
        yield clip


def read_columns(path: str | Path) -> dict[str, dict[str, str]]:
    """Reads every column of a manifest as it stands, whatever its name.

    Args:
        path: Path of the manifest, whose ids `read_manifest` has found unique.

    Returns:
        dict of clip id to dict of column name to str, in the order of the rows; `id` and empty
        values are left out.
    """
    rows = (row for _, row in _rows(Path(path)))
    return {row.pop("id"): row for row in rows}


def write_manifest(path: str | Path, clips: Iterable[Clip]) -> None:
    """Writes clips as the CSV that `read_manifest` reads, paths made relative to its folder.

    Args:
        path: Path of the `.csv` file.
        clips: Iterable of `Clip`, their files within the folder of `path`.
    """
    path = Path(path)
    root = os.path.realpath(path.parent)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for clip in clips:
            row = {name: getattr(clip, name) for name in COLUMNS}
            for name in PATH_COLUMNS:
                if row[name] is not None:
                    row[name] = Path(os.path.relpath(row[name], root)).as_posix()
            writer.writerow({name: "" if value is None else value for name, value in row.items()})


def _rows(path):
    """Yields `(row number, dict of str)`; the number is the line where the row ends."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        try:
            yield from _jsonl_rows(file, path) if path.suffix == ".jsonl" else _csv_rows(file, path)
        except UnicodeDecodeError as error:
            raise ValueError(f"{path}: a manifest must be UTF-8. Received: {error}") from error


def _csv_rows(file, path):
    reader = csv.DictReader(file, strict=True, restval="")
    try:
        if "id" not in (reader.fieldnames or ()):
            raise ValueError(f"{path}: no column `id`. Received: columns {reader.fieldnames}")
        for row in reader:
            if row.get(None):
                raise ValueError(
                    f"{path}, row {reader.line_num}: expected {len(reader.fieldnames)} values. "
                    f"Received: {len(row[None])} more"
                )
            yield reader.line_num, {name: value for name, value in row.items() if name and value}
    except csv.Error as error:
        raise ValueError(
            f"{path}, after row {reader.line_num}: not CSV. Received: {error}"
        ) from error


def _jsonl_rows(file, path):
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"{path}, row {number}: not JSON. Received: {error}") from error
        if not isinstance(row, dict):
            raise ValueError(f"{path}, row {number}: not an object. Received: {line.strip()[:40]}")
        yield number, {name: str(value) for name, value in row.items() if value not in (None, "")}


def _clip(row, root, where, *, label, group):
    """One row to a `Clip`; `where` starts every error."""
    if "id" not in row:
        raise ValueError(f"{where}: `id` must not be empty. Received: {row}")
    fields = {name: row[name] for name in COLUMNS if name in row}
    fields |= {"label": row.get(label), "group": row.get(group)}
    if fields.get("split", "train") not in SPLITS:
        raise ValueError(f"{where}: `split` must be one of {SPLITS}. Received: {fields['split']!r}")
    if not fields.get("transcript", ".txt").lower().endswith(CAPTION_SUFFIXES):
        fields.setdefault("text", fields.pop("transcript"))
    for name in fields.keys() & TIME_COLUMNS:
        fields[name] = _seconds(fields[name], name, where)
    for name in fields.keys() & PATH_COLUMNS:
        fields[name] = _confined(fields[name], root, f"{where}: `{name}`")
    try:
        return Clip(**fields)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error


def _seconds(value, name, where):
    try:
        return float(value)
    except ValueError:
        raise ValueError(f"{where}: `{name}` must be seconds. Received: {value!r}") from None


def _confined(value, root, where):
    """The path below `root`, links followed; anything outside is an error."""
    if any(ord(letter) < 32 for letter in value):
        raise ValueError(f"{where} must not hold control characters. Received: {value!r}")
    joined = os.path.join(root, value)
    resolved = os.path.realpath(joined)
    if os.path.isabs(value) or os.path.commonpath((root, resolved)) != root:
        raise ValueError(f"{where} must lie within the manifest's folder. Received: {value!r}")
    return Path(joined)

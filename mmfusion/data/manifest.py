"""A manifest lists clips: CSV or JSONL, one clip a row, paths confined to its folder."""

import csv
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mmfusion.data.manifest_paths import confined, names_a_file
from mmfusion.data.rows import JSONL, read_header, read_rows
from mmfusion.data.spellings import NO_NAMES, Spellings
from mmfusion.specs import Clip

PATH_COLUMNS = ("video", "audio", "transcript")
TIME_COLUMNS = ("start_s", "end_s")
SPLITS = ("train", "val", "test")
COLUMNS = ("id", *PATH_COLUMNS, "text", "label", "group", "split", *TIME_COLUMNS)


def read_manifest(path: str | Path, *, label: str = "label", group: str = "group") -> list[Clip]:
    """Reads a whole manifest into a list of `Clip`.

    Args:
        path: Path of a `.csv` or `.jsonl` file, of any encoding and delimiter. Its columns are
            `id, video, audio, text, transcript, label, group, split, start_s, end_s`; all but `id`
            and one modality are optional, and any other column is left alone. A `transcript` that
            names no file is the words themselves. Paths may be those of Windows.
        label: str. The column that holds the class.
        group: str. The column that holds the group.

    Returns:
        List of `Clip`, in the order of the rows. Classes and groups are spelled in one way; a
        label that is empty or NaN is `None`.

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
    labels, groups = Spellings(f"{path}: {label}"), Spellings(f"{path}: {group}")
    unseen = {label, group} - {"label", "group", *read_header(path)}
    for number, row in read_rows(path):
        where = f"{path}, row {number}"
        unseen -= row.keys()
        if unseen and path.suffix not in JSONL:  # whose rows need not all have the same columns
            break
        names = {"label": labels[row.get(label)], "group": groups[row.get(group)]}
        clip = _clip(row, names, root, where)
        if clip.id in seen:
            raise ValueError(
                f"{where}: `id` must be unique. Received: {clip.id!r}, see row {seen[clip.id]}"
            )
        seen[clip.id] = number
        yield clip
    if unseen:
        raise ValueError(f"{path}: no column {min(unseen)!r}. Received: {read_header(path)}")


def read_columns(path: str | Path) -> dict[str, dict[str, str]]:
    """Reads every column of a manifest as it stands, whatever its name.

    Args:
        path: Path of the manifest, whose ids `read_manifest` has found unique.

    Returns:
        dict of clip id to dict of column name to str, in the order of the rows; `id` and empty
        values are left out.
    """
    rows = (row for _, row in read_rows(path))
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


def _clip(row, names, root, where):
    """One row to a `Clip`; `where` starts every error."""
    if "id" not in row:
        raise ValueError(f"{where}: `id` must not be empty. Received: {row}")
    filled = {name: row[name] for name in COLUMNS if name in row}
    for name in filled.keys() & {*PATH_COLUMNS, *TIME_COLUMNS, "split"}:
        if filled[name].strip().casefold() in NO_NAMES:
            del filled[name]
    fields = filled | names
    fields["split"] = fields.get("split", "").strip().lower() or None
    if fields["split"] not in (None, *SPLITS):
        raise ValueError(f"{where}: `split` must be one of {SPLITS}. Received: {row['split']!r}")
    if "transcript" in fields and not names_a_file(fields["transcript"], root):
        fields.setdefault("text", fields.pop("transcript"))
    for name in fields.keys() & TIME_COLUMNS:
        fields[name] = _seconds(fields[name], name, where)
    for name in fields.keys() & PATH_COLUMNS:
        fields[name] = confined(fields[name], root, f"{where}: `{name}`")
    try:
        return Clip(**fields)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error


def _seconds(value, name, where):
    try:
        return float(value.replace(",", "."))  # as spreadsheets of many languages write it
    except ValueError:
        raise ValueError(f"{where}: `{name}` must be seconds. Received: {value!r}") from None

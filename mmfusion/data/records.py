"""Prepared clips on disk: TFRecord shards and an `index.json` that says what is in them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mmfusion.data.groups import in_order_of_groups
from mmfusion.files import read_json, sha256, write_json
from mmfusion.specs import Clip, ClipSpec

INDEX = "index.json"


@dataclasses.dataclass(frozen=True)
class Records:
    """What `prepare` wrote, in the order of the manifest.

    Args:
        folder: Path of the folder that holds the shards.
        spec: ClipSpec. What the clips are aligned to.
        shards: tuple of dict with `name`, `count`, `bytes`, `sha256`.
        clips: tuple of dict, one for each record: `id`, `label`, `group`, `split`,
            `transcribed` (whether its words are machine-made), `valid_steps` (by modality) and
            `notes` (what was odd but bearable).
        quarantined: tuple of dict with `id`, `kind`, `reason`: the clips not in the shards.
        chosen: tuple of bool, one for each record, or `None` for all: the records a dataset reads.
        grouped: bool. Whether a dataset batches whole groups, and `rows` are in their order.
        extra: dict of arrays with a row for each record, read beside the clips.
    """

    folder: Path
    spec: ClipSpec
    shards: tuple
    clips: tuple
    quarantined: tuple
    chosen: tuple | None = None
    grouped: bool = False
    extra: dict = dataclasses.field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.clips) if self.chosen is None else sum(self.chosen)

    @property
    def paths(self) -> list[str]:
        """The shard files as strings."""
        return [str(self.folder / shard["name"]) for shard in self.shards]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The chosen clips' entries, in the order of a dataset."""
        kept = self.chosen or [True] * len(self.clips)
        rows = [row for row, chosen in zip(self.clips, kept, strict=True) if chosen]
        if not self.grouped:
            return rows
        order = in_order_of_groups([group_of(row) for row in rows])
        return [rows[at] for at in order]

    @property
    def classes(self) -> list[str]:
        """The labels that occur, sorted."""
        return sorted({row["label"] for row in self.rows if row["label"] is not None})

    def select(self, clips: Iterable[Clip]) -> Records:
        """These records narrowed to the given clips.

        Args:
            clips: Iterable of `Clip`. Those that were quarantined are passed over.
        """
        ids = {clip.id for clip in clips}
        return dataclasses.replace(self, chosen=tuple(row["id"] in ids for row in self.clips))

    def in_groups(self) -> Records:
        """These records, batched by whole groups."""
        return dataclasses.replace(self, grouped=True)

    def verify(self) -> None:
        """Reads every shard and compares it with the index.

        Raises:
            ValueError: naming the first shard that is missing, cut or changed.
        """
        for shard in self.shards:
            path = self.folder / shard["name"]
            size = path.stat().st_size if path.is_file() else None
            if size != shard["bytes"]:
                raise ValueError(f"{path}: expected {shard['bytes']} bytes. Received: {size}")
            if sha256(path) != shard["sha256"]:
                raise ValueError(f"{path}: the content differs from the index. Prepare it again")


def group_of(row: Mapping[str, Any]) -> str:
    """The group of a clip's entry; a clip without one is alone."""
    return f"group {row['group']}" if row["group"] else f"clip {row['id']}"


def read_records(folder: str | Path) -> Records:
    """Opens a folder that `prepare` wrote.

    Args:
        folder: Path.

    Returns:
        Records.

    Raises:
        FileNotFoundError: if the folder holds no finished index.
        ValueError: if the index cannot be understood.
    """
    folder = Path(folder)
    if not (folder / INDEX).is_file():
        raise FileNotFoundError(f"No prepared records here: {INDEX} is missing. Received: {folder}")
    index = read_json(folder / INDEX)
    try:
        return Records(
            folder=folder,
            spec=ClipSpec.from_dict(index["spec"]),
            shards=tuple(index["shards"]),
            clips=tuple(index["clips"]),
            quarantined=tuple(index["quarantined"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{folder / INDEX}: not an index of records. Received: {error}") from error


def write_index(records: Records) -> None:
    """Writes `index.json`, the last act of preparing."""
    index = {
        "spec": records.spec.to_dict(),
        "shards": records.shards,
        "clips": records.clips,
        "quarantined": records.quarantined,
    }
    write_json(records.folder / INDEX, index)

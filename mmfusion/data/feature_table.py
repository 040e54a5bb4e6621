"""Features of clips: as arrays, as a Parquet file, and the schema of a database of them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from mmfusion.files import replacing
from mmfusion.preprocessing.scaling import Scaling

COLUMN, FEATURE, WORDS = "column.", "feature.", "words"
NOTES = b"mmfusion"
SCHEMA = sa.MetaData()
CLIPS = sa.Table(
    "clips",
    SCHEMA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),  # in the manifest
    sa.Column("columns", sa.JSON, nullable=False),
    sa.Column("key", sa.Text),  # of the content and the settings; NULL until the clip is done
    sa.Column("words", sa.Text),
    sa.Column("kind", sa.Text),  # why the clip could not be read
    sa.Column("reason", sa.Text),
)
FEATURES = sa.Table(
    "features",
    SCHEMA,
    sa.Column("clip_id", sa.ForeignKey("clips.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),  # <modality>.<set>
    sa.Column("vector", sa.LargeBinary, nullable=False),  # float32, little-endian
)
SCALINGS = sa.Table(
    "scalings",
    SCHEMA,
    sa.Column("name", sa.Text, primary_key=True),  # <modality>.<set>
    sa.Column("scaling", sa.JSON, nullable=False),
)


@dataclasses.dataclass(frozen=True)
class FeatureTable:
    """Features of N clips, with what their manifest says of them.

    Args:
        ids: list of N str.
        columns: dict of manifest column to a list of N str, `None` where a row has none.
        features: dict of `"<modality>.<set>"` to float32 array `(N, D)`, NaN where a clip has
            none.
        words: list of N str, what is spoken in each clip, cleaned.
        quarantined: list of dict with `id`, `kind`, `reason`: clips that could not be read.
        scalings: dict of `"<modality>.<set>"` to the `Scaling` fitted to the clips to train on.

    Example:

    >>> table = FeatureTable(["a"], {"label": ["x"]}, {"audio.mfcc": np.zeros((1, 2))}, [""], [])
    >>> table.modalities
    ['audio']
    """

    ids: list
    columns: dict
    features: dict
    words: list
    quarantined: list
    scalings: dict = dataclasses.field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def modalities(self) -> list[str]:
        """The modalities that have features, sorted."""
        return sorted({name.partition(".")[0] for name in self.features})

    def column(self, name: str) -> list[str | None]:
        """A manifest column, a list of N.

        Raises:
            ValueError: if there is no such column.
        """
        if name not in self.columns:
            raise ValueError(f"No column {name!r}. Received: columns {sorted(self.columns)}")
        return self.columns[name]


def stack_vectors(vectors: Sequence[np.ndarray | None]) -> np.ndarray:
    """One array `(N, D)` of N vectors `(D,)`, NaN where one is `None` or not finite.

    Args:
        vectors: sequence of float32 arrays `(D,)` or `None`.

    Returns:
        float32 array `(N, D)`; D is 0 if there is none.
    """
    width = next((len(vector) for vector in vectors if vector is not None), 0)
    nothing = np.full(width, np.nan, np.float32)
    rows = [
        nothing if vector is None or not np.isfinite(vector).all() else vector for vector in vectors
    ]
    return np.stack(rows).astype(np.float32) if rows else np.zeros((0, 0), np.float32)


def table_of_rows(
    rows: Sequence[Any],
    vectors: Mapping[str, Mapping[str, np.ndarray]],
    scalings: Mapping[str, Mapping[str, Any]],
) -> FeatureTable:
    """The `FeatureTable` of rows of a database.

    Args:
        rows: sequence of rows with `id`, `columns`, `words`, `kind` and `reason`.
        vectors: dict of `"<modality>.<set>"` to dict of clip id to float32 array `(D,)`.
        scalings: dict of `"<modality>.<set>"` to the fields of a `Scaling`.

    Returns:
        FeatureTable.
    """
    read = [row for row in rows if row.kind is None]
    names = dict.fromkeys(name for row in read for name in row.columns)
    return FeatureTable(
        ids=[row.id for row in read],
        columns={name: [row.columns.get(name) for row in read] for name in names},
        features={
            name: stack_vectors([vectors[name].get(row.id) for row in read])
            for name in sorted(vectors)
        },
        words=[row.words or "" for row in read],
        quarantined=[
            {"id": row.id, "kind": row.kind, "reason": row.reason} for row in rows if row.kind
        ],
        scalings={
            name: Scaling.from_dict(scalings[name]) for name in sorted(vectors.keys() & scalings)
        },
    )


def write_parquet(path: str | Path, table: FeatureTable) -> None:
    """Writes a `FeatureTable` as a Parquet file, whole or not at all.

    The columns are `id`, `column.<name>` (text), `words` and `feature.<modality>.<set>` (lists
    of float32, null where a clip has none).

    Args:
        path: Path of the file.
        table: FeatureTable.
    """
    columns = {"id": pa.array(table.ids, pa.string())}
    for name, values in table.columns.items():
        columns[COLUMN + name] = pa.array(values, pa.string())
    columns[WORDS] = pa.array(table.words, pa.string())
    for name, rows in table.features.items():
        cells = [None if np.isnan(row).any() else row for row in rows]
        columns[FEATURE + name] = pa.array(cells, pa.list_(pa.float32()))
    scalings = {name: scaling.to_dict() for name, scaling in table.scalings.items()}
    notes = json.dumps({"quarantined": table.quarantined, "scalings": scalings})
    with replacing(path) as temporary:
        pq.write_table(pa.table(columns).replace_schema_metadata({NOTES: notes}), temporary)


def read_parquet(
    path: str | Path,
    *,
    sets: Sequence[str] | None = None,
    where: Mapping[str, str] | None = None,
) -> FeatureTable:
    """Reads a `FeatureTable` from a Parquet file. See `read_features`."""
    try:
        schema = pq.read_schema(path)
        wanted = [name for name in schema.names if _is_wanted(name, sets)]
        conditions = [(COLUMN + name, "=", value) for name, value in (where or {}).items()]
        table = pq.read_table(path, columns=wanted, filters=conditions or None)
    except pa.ArrowInvalid as error:
        raise ValueError(f"{path}: not a table of features. Received: {error}") from error
    cells = {name: table[name] for name in table.column_names}
    notes = json.loads((schema.metadata or {}).get(NOTES, b"{}"))
    features = _unprefixed(cells, FEATURE, _vectors)
    scalings = notes.get("scalings", {})
    return FeatureTable(
        ids=cells["id"].to_pylist(),
        columns=_unprefixed(cells, COLUMN, lambda cell: cell.to_pylist()),
        features=features,
        words=cells[WORDS].to_pylist(),
        quarantined=notes.get("quarantined", []),
        scalings={name: Scaling.from_dict(scalings[name]) for name in features if name in scalings},
    )


def _is_wanted(name, sets):
    return not name.startswith(FEATURE) or sets is None or name[len(FEATURE) :] in sets


def _unprefixed(cells, prefix, convert):
    return {
        name[len(prefix) :]: convert(cell)
        for name, cell in cells.items()
        if name.startswith(prefix)
    }


def _vectors(cell):
    return stack_vectors([None if x is None else np.array(x, np.float32) for x in cell.to_pylist()])

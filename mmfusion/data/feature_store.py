"""Features and columns of clips in SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import numpy as np
import sqlalchemy as sa

from mmfusion.data.feature_table import (
    CLIPS,
    FEATURES,
    SCALINGS,
    SCHEMA,
    FeatureTable,
    table_of_rows,
)
from mmfusion.data.sqlite_file import check_sqlite, read_only
from mmfusion.preprocessing.scaling import Scaling

ROWS = 1_000  # read at once


class FeatureStore:
    """A database of features; every `write` is one transaction that outlives a crash.

    Args:
        url: str. An SQLAlchemy URL, `sqlite:///features.db` or `postgresql://user@host/name`.
        reading: bool. Whether it is only read: then nothing is written, not even an empty table.

    Raises:
        ValueError: if an SQLite file is another database; it is left as it was.
    """

    def __init__(self, url: str, *, reading: bool = False) -> None:
        self.engine = sa.create_engine(read_only(url) if reading else url)
        if self.engine.dialect.name == "sqlite" and (path := sa.make_url(url).database):
            check_sqlite(path)
        if reading:
            return
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _settle_sqlite)
        SCHEMA.create_all(self.engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: Any) -> None:
        self.engine.dispose()

    def begin(self, columns: Mapping[str, Mapping[str, str]]) -> dict[str, str | None]:
        """Takes the rows of a manifest, in order; rows that it no longer has are removed.

        Args:
            columns: dict of clip id to dict of column name to str.

        Returns:
            dict of clip id to the key that the clip was written with, `None` for new ones.
        """
        with self.engine.begin() as connection:
            known = dict(map(tuple, connection.execute(sa.select(CLIPS.c.id, CLIPS.c.key))))
            gone = [{"gone": name} for name in known.keys() - columns.keys()]
            new: list[dict[str, Any]] = []
            old: list[dict[str, Any]] = []
            for place, (name, row) in enumerate(columns.items()):
                (old if name in known else new).append({"at": name, "place": place, "columns": row})
            _execute(connection, sa.delete(CLIPS).where(CLIPS.c.id == sa.bindparam("gone")), gone)
            _execute(connection, sa.update(CLIPS).where(CLIPS.c.id == sa.bindparam("at")), old)
            _execute(connection, sa.insert(CLIPS), [{"id": row.pop("at"), **row} for row in new])
        return {name: known.get(name) for name in columns}

    def write(
        self, clip_id: str, features: Mapping[str, np.ndarray], *, key: str, words: str = ""
    ) -> None:
        """Writes the features of one clip in place of those it had.

        Args:
            clip_id: str, one of those passed to `begin`.
            features: dict of `"<modality>.<set>"` to float array `(D,)`.
            key: str. Digest of what they were computed from.
            words: str. What is spoken in the clip, cleaned.
        """
        self._finish(clip_id, features, key=key, words=words, kind=None, reason=None)

    def quarantine(self, clip_id: str, *, key: str, kind: str, reason: str) -> None:
        """Notes that a clip could not be read. See `write`."""
        self._finish(clip_id, {}, key=key, words=None, kind=kind, reason=reason)

    def write_set(self, name: str, vectors: Mapping[str, np.ndarray]) -> None:
        """Writes one feature set of many clips at once, in place of what they had of it.

        Args:
            name: str, `"<modality>.<set>"`.
            vectors: dict of clip id to float array `(D,)`.
        """
        with self.engine.begin() as connection:
            connection.execute(sa.delete(FEATURES).where(FEATURES.c.name == name))
            rows = [_row(clip_id, name, vector) for clip_id, vector in vectors.items()]
            _execute(connection, sa.insert(FEATURES), rows)

    def fit_scalings(self, fit: Callable[..., Scaling], *, without: Sequence[str] = ()) -> None:
        """Fits a scaling to each feature set, and keeps it in place of any before.

        Clips that the manifest's own `split` calls `val` or `test` are not read. The vectors
        are read in one pass, so many at once that any number of clips fits into memory.

        Args:
            fit: function of an iterable of arrays `(N, D)` that returns a `Scaling`, as
                `fit_z_score`.
            without: sequence of str. Feature sets that have no scale, as `"video.sift"`.
        """
        split = CLIPS.c.columns["split"].as_string()
        seen = sa.select(FEATURES.c.vector).join(CLIPS)
        seen = seen.where(split.is_(None) | split.not_in(("val", "test")))
        seen = seen.order_by(CLIPS.c.place)
        names = sa.select(FEATURES.c.name).where(FEATURES.c.name.not_in(without)).distinct()
        fitted = []
        with self.engine.connect() as connection:
            for name in connection.scalars(names).all():
                vectors = seen.where(FEATURES.c.name == name).execution_options(yield_per=ROWS)
                batches = connection.scalars(vectors).partitions()
                scaling = fit(np.stack([np.frombuffer(x, "<f4") for x in some]) for some in batches)
                fitted.append({"name": name, "scaling": scaling.to_dict()})
        with self.engine.begin() as connection:
            connection.execute(sa.delete(SCALINGS))
            _execute(connection, sa.insert(SCALINGS), fitted)

    def read(
        self, *, sets: Sequence[str] | None = None, where: Mapping[str, str] | None = None
    ) -> FeatureTable:
        """Reads a `FeatureTable`. See `read_features`."""
        of_clips: Any = CLIPS.c.key.is_not(None)
        of_features: Any = sa.true()
        for name, value in (where or {}).items():
            of_clips &= CLIPS.c.columns[name].as_string() == value
        if sets is not None:
            of_features = FEATURES.c.name.in_(sets)
        clips = sa.select(CLIPS).where(of_clips).order_by(CLIPS.c.place)
        features = sa.select(FEATURES).join(CLIPS).where(of_clips, of_features)
        with self.engine.connect() as connection:
            rows = connection.execute(clips).all()
            scalings = dict(map(tuple, connection.execute(sa.select(SCALINGS))))
            vectors: dict[str, dict[str, np.ndarray]] = {}
            for clip_id, name, vector in connection.execute(features):
                vectors.setdefault(name, {})[clip_id] = np.frombuffer(vector, "<f4")
        return table_of_rows(rows, vectors, scalings)

    def _finish(self, clip_id, features, **values):
        rows = [_row(clip_id, name, vector) for name, vector in features.items()]
        with self.engine.begin() as connection:
            connection.execute(sa.delete(FEATURES).where(FEATURES.c.clip_id == clip_id))
            _execute(connection, sa.insert(FEATURES), rows)
            connection.execute(sa.update(CLIPS).where(CLIPS.c.id == clip_id).values(**values))


def _row(clip_id, name, vector):
    return {"clip_id": clip_id, "name": name, "vector": np.asarray(vector, "<f4").tobytes()}


def _execute(connection, statement, rows):
    if rows:
        connection.execute(statement, rows)


def _settle_sqlite(connection, _):
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")

"""An SQLite file of features, looked at without a byte of it being written."""

import contextlib
import sqlite3
import urllib.parse
from pathlib import Path

import sqlalchemy as sa

from mmfusion.data.feature_table import SCHEMA

COLUMNS = "SELECT name FROM pragma_table_info(?)"


def check_sqlite(path: str | Path) -> None:
    """Checks that a file holds our tables, or nothing yet.

    Args:
        path: Path of the file; it need not exist.

    Raises:
        ValueError: one line, if it is another database or none at all.
    """
    path = Path(path)
    if not path.is_file() or not path.stat().st_size:
        return
    wanted = {table.name: {*table.columns.keys()} for table in SCHEMA.sorted_tables}
    try:
        with contextlib.closing(sqlite3.connect(_quiet_uri(path), uri=True)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            found = {
                name: {row[0] for row in connection.execute(COLUMNS, (name,))} for (name,) in names
            }
    except sqlite3.Error as error:
        raise ValueError(f"{path}: not our database: {error}") from None
    if wrong := sorted(name for name in found if found[name] != wanted.get(name)):
        raise ValueError(
            f"{path}: not our database: tables {sorted(wanted)} expected. Received: {wrong}"
        )


def read_only(url: str) -> sa.URL:
    """The SQLAlchemy URL by which an SQLite file is only read; of other databases, the same."""
    made = sa.make_url(url)
    if made.get_backend_name() != "sqlite" or not made.database:
        return made
    return made.set(database=_uri(made.database), query={"mode": "ro", "uri": "true"})


def _quiet_uri(path):
    """What has no journal beside it can be read without making one."""
    journal = path.with_name(f"{path.name}-wal")
    return f"{_uri(path)}?mode=ro{'' if journal.exists() else '&immutable=1'}"


def _uri(path):
    return "file:" + urllib.parse.quote(str(Path(path).absolute()))

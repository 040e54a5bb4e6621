import contextlib
import os
import sqlite3

import pytest
import sqlalchemy as sa

from mmfusion.data.feature_location import open_store, read_features
from mmfusion.data.feature_store import FeatureStore
from mmfusion.data.sqlite_file import check_sqlite, read_only

FOREIGN = {
    "others": "CREATE TABLE bank (iban TEXT, money REAL)",
    "ours_by_name": "CREATE TABLE clips (id TEXT, file TEXT)",
    "one_more": "CREATE TABLE more (id TEXT)",
}


def foreign(path, kind, journal="delete"):
    if kind == "one_more":
        with FeatureStore(f"sqlite:///{path}"):
            pass
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode={journal}")
        connection.execute(FOREIGN[kind])
        connection.commit()


@pytest.mark.parametrize("journal", ["delete", "wal"])
@pytest.mark.parametrize("kind", FOREIGN)
def test_a_foreign_database_is_refused_and_left_as_it_was(tmp_path, kind, journal):
    path = tmp_path / "a b.db"
    foreign(path, kind, journal)
    before, names = path.read_bytes(), os.listdir(tmp_path)
    url = f"sqlite:///{path}"
    for use in (read_features, lambda url: open_store(url).__enter__()):
        with pytest.raises(ValueError, match=r"not our database: tables.* expected") as caught:
            use(url)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)
        assert path.read_bytes() == before
        assert os.listdir(tmp_path) == names


@pytest.mark.parametrize("content", [b"no database at all" * 99, b"SQLite format 3\0" + bytes(999)])
def test_what_is_no_database_is_left_as_it_was(tmp_path, content):
    path = tmp_path / "a.db"
    path.write_bytes(content)
    for use in (read_features, lambda url: open_store(url).__enter__()):
        with pytest.raises(ValueError, match=r"a\.db: not our database"):
            use(f"sqlite:///{path}")
        assert path.read_bytes() == content
        assert os.listdir(tmp_path) == ["a.db"]


def test_ours_is_read_without_writing(tmp_path):
    path = tmp_path / "a b.db"
    check_sqlite(path)
    with FeatureStore(f"sqlite:///{path}") as store:
        store.begin({"a": {}})
        store.write("a", {"audio.mfcc": [1.0, 2.0]}, key="k")
    check_sqlite(path)
    before = path.read_bytes()
    assert read_features(f"sqlite:///{path}").features["audio.mfcc"].tolist() == [[1, 2]]
    assert path.read_bytes() == before


def test_an_empty_file_is_begun(tmp_path):
    path = tmp_path / "a.db"
    path.touch()
    with FeatureStore(f"sqlite:///{path}") as store:
        assert store.begin({"a": {}}) == {"a": None}


def test_only_files_are_opened_otherwise():
    assert read_only("postgresql://us@host/name") == sa.make_url("postgresql://us@host/name")
    assert read_only("sqlite:////a b.db").database == "file:/a%20b.db"
    assert read_only("sqlite:////a.db").query == {"mode": "ro", "uri": "true"}

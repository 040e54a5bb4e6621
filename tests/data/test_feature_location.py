import contextlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mmfusion.data.feature_location import open_store, read_features
from mmfusion.preprocessing.scaling import Scaling, fit_min_max

PLACES = ("sqlite", "parquet", "postgres")
COLUMNS = {
    "a": {"label": "x", "colour": "red"},
    "b": {"label": "y", "colour": "blue"},
    "c": {"colour": "red"},
}
WRITER = """
import itertools, sys
import numpy as np
from mmfusion.data.feature_location import open_store
names = [str(n) for n in range(10_000)]
with open_store(sys.argv[1]) as store:
    store.begin({name: {} for name in names})
    for name in names:
        store.write(name, {"audio.mfcc": np.full(500, int(name))}, key="k")
        print(name, flush=True)
"""


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    """URL of a PostgreSQL server of this module's own."""
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
    homes = [Path(home) for home in os.environ["PATH"].split(os.pathsep)]
    homes += sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    home = next((home for home in homes if (home / "initdb").is_file()), None)
    if home is None:
        pytest.skip("PostgreSQL is not installed")
    folder = tmp_path_factory.mktemp("postgres")
    who = {}
    if os.getuid() == 0:  # it refuses to run as root, and its user must be let through
        who = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        for path in (folder, *folder.parents[: -len(Path(tempfile.gettempdir()).parts)]):
            path.chmod(0o755)
        shutil.chown(folder, "nobody", "nogroup")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = ["-D", str(folder / "data")]
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{folder}'"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **who}
    subprocess.run([home / "initdb", *data, "-U", "us", "-A", "trust", "-N"], cwd=folder, **quiet)
    control = [home / "pg_ctl", *data, "-w", "-l", str(folder / "log")]
    subprocess.run([*control, "-o", settings, "start"], cwd=folder, **quiet)
    yield f"postgresql://us:secret@127.0.0.1:{port}/postgres"
    subprocess.run([*control, "-m", "immediate", "stop"], cwd=folder, **quiet)


@pytest.fixture(params=PLACES)
def location(request, tmp_path):
    if request.param == "postgres":
        url = request.getfixturevalue("postgres")
        with open_store(url) as store:
            store.begin({})
        return url
    name = "sqlite:///{}/f.db" if request.param == "sqlite" else "{}/f.parquet"
    return name.format(tmp_path)


@pytest.fixture
def filled(location):
    with open_store(location) as store:
        store.begin(COLUMNS)
        store.write("b", {"audio.mfcc": np.array([1, 2]), "video.color": [3]}, key="kb", words="hi")
        store.write("a", {"video.color": np.array([4.5])}, key="ka")
        store.quarantine("c", key="kc", kind="empty", reason="zero bytes")
    return location


def test_nothing_written_nothing_read(location):
    with open_store(location) as store:
        assert store.begin({}) == {}
    table = read_features(location)
    assert (len(table), table.features, table.quarantined) == (0, {}, [])


def test_what_is_written_is_read_in_the_order_of_the_manifest(filled):
    table = read_features(filled)
    assert table.ids == ["a", "b"]
    assert table.columns == {"label": ["x", "y"], "colour": ["red", "blue"]}
    assert table.words == ["", "hi"]
    np.testing.assert_array_equal(table.features["audio.mfcc"], [[np.nan, np.nan], [1, 2]])
    np.testing.assert_array_equal(table.features["video.color"], [[4.5], [3]])
    assert table.quarantined == [{"id": "c", "kind": "empty", "reason": "zero bytes"}]


@pytest.mark.parametrize(
    ("sets", "where", "ids", "names"),
    [
        (None, {"label": "y"}, ["b"], ["audio.mfcc", "video.color"]),
        (["video.color"], {"label": "x", "colour": "red"}, ["a"], ["video.color"]),
        (["video.color"], {"label": "x' OR '1'='1"}, [], []),
        ([], None, ["a", "b"], []),
    ],
)
def test_queries(filled, sets, where, ids, names):
    table = read_features(filled, sets=sets, where=where)
    assert table.ids == ids
    assert [name for name, rows in table.features.items() if len(rows)] == names


def test_a_later_run_goes_on(filled):
    with open_store(filled) as store:
        relabelled = {"d": {}, "a": {"label": "z"}, "b": COLUMNS["b"]}
        assert store.begin(relabelled) == {"d": None, "a": "ka", "b": "kb"}
        store.write("b", {"audio.mfcc": [9.0]}, key="new")
    table = read_features(filled)
    assert table.ids == ["a", "b"]  # "c" has left the manifest, "d" has no features yet
    assert table.column("label") == ["z", "y"]
    assert list(table.features) == ["audio.mfcc", "video.color"]
    np.testing.assert_array_equal(table.features["audio.mfcc"], [[np.nan], [9]])
    np.testing.assert_array_equal(table.features["video.color"], [[4.5], [np.nan]])


def test_a_family_of_all_clips_at_once(filled):
    for value in (7, 8):
        with open_store(filled) as store:
            store.write_set("text.tfidf", {"b": np.array([value])})
    table = read_features(filled, sets=["text.tfidf"])
    np.testing.assert_array_equal(table.features["text.tfidf"], [[np.nan], [8]])


def test_scalings_travel(filled):
    with open_store(filled) as store:
        store.begin({**COLUMNS, "a": {"split": "train"}, "b": {"split": "test"}})
        store.fit_scalings(fit_min_max)
    table = read_features(filled)
    assert table.scalings["video.color"] == Scaling((4.5,), (1.0,))
    assert set(table.scalings) == set(table.features)
    assert list(read_features(filled, sets=["video.color"]).scalings) == ["video.color"]


@pytest.mark.parametrize(
    "location",
    [
        "postgres//us:se@cret@host/name",
        "nothing://us:se@cret@host/name",
        "postgresql://us:se@cret@127.0.0.1:1/name",
        "postgresql://us@127.0.0.1:1/name?password=cret",
        "postgresql+nothing://us:se@cret@host/name",
    ],
)
def test_no_error_shows_the_password(location):
    with pytest.raises((ValueError, RuntimeError, ImportError)) as caught, open_store(location):
        pass
    assert "cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE features SET vector = x'0102' WHERE clip_id = 'a'",
        "UPDATE features SET vector = 'abcd' WHERE clip_id = 'a'",
        "UPDATE features SET vector = x'0000000000000000' WHERE clip_id = 'a'",
        "UPDATE clips SET columns = '{bad'",
        "UPDATE clips SET columns = '[1]'",
        "INSERT INTO scalings VALUES ('audio.mfcc', '3')",
        "INSERT INTO scalings VALUES ('audio.mfcc', '{\"x\": 1}')",
    ],
)
def test_altered_rows_are_one_line_with_the_file(tmp_path, change):
    path = tmp_path / "f.db"
    with open_store(f"sqlite:///{path}") as store:
        store.begin(COLUMNS)
        for name in "ab":
            store.write(name, {"audio.mfcc": [1.0]}, key="k")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(change)
        connection.commit()
    with pytest.raises(ValueError, match=r"f\.db: not a table of features") as caught:
        read_features(f"sqlite:///{path}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("notes", [None, b"3", b"{bad", b"{}"])
def test_a_foreign_parquet_file_is_one_line_with_its_path(tmp_path, notes):
    table = pa.table({"id": ["a"]})
    table = table if notes is None else table.replace_schema_metadata({b"mmfusion": notes})
    pq.write_table(table, tmp_path / "f.parquet")
    with pytest.raises(ValueError, match=r"f\.parquet: not a table of features"):
        read_features(tmp_path / "f.parquet")


def test_kill_loses_no_committed_row(location):
    command = [sys.executable, "-c", WRITER, location]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        committed = [writer.stdout.readline().strip() for _ in range(50)]
        writer.kill()
        committed += writer.stdout.read().split()
    with open_store(location) as store:
        done = {
            name for name, key in store.begin({str(n): {} for n in range(10_000)}).items() if key
        }
    assert len(committed) >= 50
    assert set(committed) <= done
    table = read_features(location)
    rows = table.features["audio.mfcc"]
    assert rows.shape == (len(done), 500)
    np.testing.assert_array_equal(rows, np.array(table.ids, float)[:, None].repeat(500, axis=1))


def test_a_run_that_fails_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "f.parquet"
    with contextlib.suppress(RuntimeError), open_store(path) as store:
        store.begin(COLUMNS)
        raise RuntimeError
    assert not path.exists()


@pytest.mark.parametrize(
    ("location", "error", "told"),
    [
        ("{}/none.parquet", FileNotFoundError, "No features at this path"),
        ("sqlite:///{}/none.db", FileNotFoundError, "No features at this path"),
        ("sqlite:///{}/text.db", ValueError, "not our database"),
        ("{}/text.parquet", ValueError, "not a table of features"),
        ("{}/features.xls", ValueError, "a .parquet file or a database's URL"),
        ("oracles://a", ValueError, "a .parquet file or a database's URL"),
    ],
)
def test_what_holds_no_features(tmp_path, location, error, told):
    for name in ("text.db", "text.parquet"):
        (tmp_path / name).write_text("This is not a database. " * 100)
    with pytest.raises(error, match=told):
        read_features(location.format(tmp_path))


def test_passwords_are_not_told():
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
    with pytest.raises(RuntimeError, match=r"us:\*\*\*@127.0.0.1:1/") as told:
        read_features("postgresql://us:secret@127.0.0.1:1/postgres")
    assert "secret" not in str(told.value)

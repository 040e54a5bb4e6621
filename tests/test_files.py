import errno
import functools
import os
import resource
import shutil
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mmfusion.files import (
    locked,
    naming_full_disk,
    read_json,
    replacing,
    sha256,
    share,
    user_cache,
    write_json,
)


def test_replacing_leaves_the_old_file_after_an_error(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(TypeError), replacing(path) as temporary:
        temporary.write_text("half") + "not a number"
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("linked", [True, False])
def test_a_shared_file_takes_the_place_of_an_old_one(tmp_path, linked, monkeypatch):
    if not linked:
        monkeypatch.setattr(os, "link", functools.partial(_refuse, OSError("no links here")))
    (tmp_path / "new").write_text("new")
    (tmp_path / "old").write_text("old")
    share(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").read_text() == "new"
    assert (tmp_path / "old").samefile(tmp_path / "new") == linked
    assert sorted(os.listdir(tmp_path)) == ["new", "old"]


def _refuse(error, *arguments):
    raise error


def test_json_round_trip(tmp_path):
    content = {"empty": [], "text": "火", "number": 0.1}
    write_json(tmp_path / "a.json", content)
    assert read_json(tmp_path / "a.json") == content


def test_nan_is_not_json(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "a.json", float("nan"))


@pytest.mark.parametrize("content", ["", '{"a": 1', "\x00"])
def test_torn_json_names_the_file(tmp_path, content):
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(ValueError, match=r"a\.json"):
        read_json(tmp_path / "a.json")


def test_sha256_of_nothing(tmp_path):
    (tmp_path / "empty").touch()
    known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert sha256(tmp_path / "empty") == known


@pytest.fixture(params=["tmpfs", "limit"])
def full(request, tmp_path):
    """A folder that takes no more than 64 KB."""
    folder = tmp_path / "full"
    folder.mkdir()
    if request.param == "limit":
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, limits[1]))
        yield folder
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        return
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system may be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def write_bytes(path):
    with replacing(path) as temporary:
        temporary.write_bytes(bytes(2**20))


def write_parquet(path):
    with replacing(path) as temporary:
        rows = np.random.default_rng(0).random(2**17)
        pq.write_table(pa.table({"a": rows}), temporary)


@pytest.mark.parametrize(
    "write", [write_bytes, write_parquet, lambda path: write_json(path, "x" * 2**20)]
)
def test_a_full_disk_is_one_line_with_the_path_and_leaves_the_old_file(full, write):
    path = full / "a"
    path.write_text("old")
    with pytest.raises(OSError, match=r"No space left|File too large") as caught:
        write(path)
    assert str(caught.value).endswith(f": '{path}'")
    assert "\n" not in str(caught.value)
    assert (os.listdir(full), path.read_text()) == (["a"], "old")


def test_other_errors_stay_as_they_are():
    with pytest.raises(KeyError), naming_full_disk("a"):
        raise KeyError("x")
    wrapped = RuntimeError("cannot\nwrite")
    wrapped.__cause__ = OSError(errno.ENOSPC, "No space left on device", "b")
    with pytest.raises(OSError, match=r"\[Errno 28\].*: 'a'$"), naming_full_disk("a"):
        raise wrapped


def test_lock_names_the_other_process(tmp_path):
    code = (
        "import sys, time, mmfusion.files as files\n"
        "with files.locked(sys.argv[1]): print(flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE)
    with other:
        other.stdout.readline()
        with pytest.raises(RuntimeError, match=f"process {other.pid}"), locked(tmp_path):
            pass
        other.kill()
    with locked(tmp_path):  # a killed process holds nothing
        pass


def test_the_folder_of_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert user_cache() == tmp_path / "xdg" / "mmfusion"
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert user_cache() == tmp_path / "home" / ".cache" / "mmfusion"

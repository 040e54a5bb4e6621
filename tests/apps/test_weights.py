import json
import subprocess
import sys

import pytest

from mmfusion.apps.weights import megabytes, table
from mmfusion.pretrained.table import WEIGHTS
from mmfusion.pretrained.weights import USER, WeightFile, Weights

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.fixture
def nothing(tmp_path, monkeypatch):
    """Path of a file of weights that hold nothing, known by the name `nothing`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    weights = Weights(
        name="nothing",
        task="rest",
        registry=USER,
        files=(WeightFile("nothing.bin", 0, EMPTY),),
        licence="MIT",
        origin="tests",
        note="none",
    )
    monkeypatch.setitem(WEIGHTS, "nothing", weights)
    (tmp_path / "nothing.bin").touch()
    return tmp_path / "nothing.bin"


def test_got_listed_and_removed(command, nothing):
    folder = nothing.parent / "cache" / "mmfusion" / "weights" / "nothing-1"
    done = command("weights", "get", "nothing", "--from", nothing, "--json")
    (row,) = json.loads(done.out)
    assert (done.code, row["path"], row["bytes"]) == (0, str(folder), 0)
    rows = {
        row["name"]: row["path"] for row in json.loads(command("weights", "list", "--json").out)
    }
    assert rows == {**dict.fromkeys(WEIGHTS), "nothing": str(folder)}
    assert command("weights", "remove", "nothing").out.split()[-1] == "-"
    assert not folder.exists()
    assert command("weights", "remove", "nothing").code == 0


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("get nothing", 2, "type: mmfusion weights get nothing --from FILE"),
        ("get nothing --from {folder}/none", 2, "No weights at this path"),
        ("get nothing --from {folder}/wrong", 2, "nothing.bin must have 0 bytes"),
        ("get selfie", 1, "type: mmfusion weights get selfie --from FILE. Received: no npm"),
        ("get nothin", 2, "did you mean 'nothing'?"),
        ("fetch nothing", 2, "`action` must be one of list, get, remove. Received: 'fetch'"),
    ],
)
def test_errors_are_one_line(command, nothing, monkeypatch, line, code, message):
    monkeypatch.setenv("PATH", "")
    (nothing.parent / "wrong").write_text("wrong")
    done = command("weights", *line.format(folder=nothing.parent).split())
    assert (done.code, done.out) == (code, "")
    (text,) = done.err.splitlines()
    assert text.startswith("mmfusion: ")
    assert message in text


def test_a_table_of_none_and_of_one():
    assert table([]).split() == ["name", "task", "size", "licence", "in", "the", "cache"]
    row = {"name": "a", "task": "b", "bytes": 1_250_000, "licence": "MIT", "path": None}
    assert table([row]).splitlines()[1].split() == ["a", "b", "1.2", "MB", "MIT", "-"]
    assert megabytes(0) == "0.0 MB"


def test_a_list_needs_no_tensorflow():
    code = (
        "import sys\n"
        "from mmfusion.cli import main\n"
        "sys.argv = ['mmfusion', 'weights', 'list']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "sys.exit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "yamnet" in done.stdout

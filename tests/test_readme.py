"""Every block of the README runs, on a small embedded corpus in the place of the reader's clips."""

import functools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mmfusion as mm
from mmfusion.data.corpus_size import CorpusSize
from mmfusion.data.synthetic import make_corpus

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)
SETUP, COMMANDS, NOTEBOOK = (block for _, block in BLOCKS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    make_corpus(folder / "clips", CorpusSize(train=8, val=2, test=2, broken=0))
    return folder


def test_there_is_nothing_else():
    assert [language for language, _ in BLOCKS] == ["bash", "bash", "python"]


def test_set_up_is_what_ci_does():
    """`.ci/run` does it from nothing; here only that it is the same."""
    ci = (Path(__file__).parents[1] / ".ci" / "run").read_text()
    first, second = SETUP.strip().splitlines()
    for command in (*first.split(" && ")[2:], second):
        assert command in ci


def test_commands(folder):
    short = {"epochs": 1, "size_px": 32, "steps": 4, "cache": str(folder / "cache")}
    (folder / "short.json").write_text(json.dumps(short))
    for line in COMMANDS.strip().splitlines():
        verb = line.split()[1]
        extra = " --options short.json" if verb == "train" else ""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        env = {**os.environ, "PATH": path, "XDG_CACHE_HOME": str(folder / "cache")}
        done = subprocess.run(
            line + extra, shell=True, cwd=folder, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-2000:]


def test_notebook_example(folder, monkeypatch):
    monkeypatch.chdir(folder)
    small = functools.partial(mm.data.fit_spec, steps=4, size_px=32)  # as the commands above
    monkeypatch.setattr(mm.data, "fit_spec", small)
    exec(compile(NOTEBOOK, "README.md", "exec"), {})
    assert (folder / "saved_models" / "notebook" / "1" / "card.json").is_file()


def test_pictures_are_there():
    for target in re.findall(r"\]\((?!http)([^)]+)\)", README):
        assert (Path(__file__).parents[1] / target).exists(), target

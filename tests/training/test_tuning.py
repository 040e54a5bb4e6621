import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from mmfusion.training.search_space import search_space
from mmfusion.training.tuning import SEARCHES, oracle, tune
from tests.training import trials

ROOT = Path(__file__).parents[2]


def search(folder, name="random", train=trials.score, count=4, **settings):
    chosen = oracle(name, search_space(trials.SPACE), trials=count, epochs=4, seed=3)
    return tune(chosen, folder, train, **settings)


@pytest.mark.parametrize("name", SEARCHES)
def test_every_search_runs_its_trials_in_processes_of_their_own(tmp_path, name):
    rows = search(tmp_path, name)
    assert [row["trial"] for row in rows] == [str(at) for at in range(4)]
    for row in rows:
        assert row["score"] == pytest.approx((row["values"]["x"] - 0.5) ** 2)
        assert row["values"].keys() == {"x", "kind"}
    pids = {path.read_text() for path in tmp_path.glob("trials/*/pid")}
    assert len(pids) == 4
    assert str(os.getpid()) not in pids


def test_same_seed_same_trials_and_a_finished_search_is_not_run_again(tmp_path):
    rows = search(tmp_path / "one", count=2)
    assert search(tmp_path / "two", count=2) == rows
    assert search(tmp_path / "one", train=trials.sometimes, count=2) == rows


def test_a_trial_that_fails_is_told_and_the_others_go_on(tmp_path):
    chosen = oracle(
        "grid", search_space({"kind": ["b", "a"], "x": [0.0, 0.5]}), trials=9, epochs=1, seed=0
    )
    rows = tune(chosen, tmp_path, trials.sometimes)
    scores = {(row["values"]["kind"], row["values"]["x"]): row["score"] for row in rows}
    assert scores == {("a", 0.0): None, ("a", 0.5): None, ("b", 0.0): 0.25, ("b", 0.5): 0.0}
    failed = next(row["trial"] for row in rows if row["score"] is None)
    assert "MemoryError: too big" in (tmp_path / "trials" / failed / "log.txt").read_text()


@pytest.mark.parametrize("parallel", [1, 2])
def test_a_killed_search_goes_on_and_its_children_end(tmp_path, parallel):
    line = [sys.executable, "-m", "tests.training.trials", str(tmp_path / "cut"), str(parallel)]
    started = tmp_path / "cut" / "started"
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE) as killed:
        while not started.exists() or len(started.read_text().split()) < 3:
            assert killed.poll() is None
            time.sleep(0.02)
        killed.kill()
    children = [int(pid) for pid in started.read_text().split()]
    deadline = time.monotonic() + 20
    while any(psutil.pid_exists(pid) for pid in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(psutil.pid_exists(pid) for pid in children)
    done = [e for e in json.loads((tmp_path / "cut" / "journal.json").read_text()) if "score" in e]
    assert 1 <= len(done) < 6
    rows = search(tmp_path / "cut", count=6, parallel=parallel)
    assert [row["score"] is None for row in rows] == [False] * 6
    if parallel == 1:
        assert rows == search(tmp_path / "unbroken", count=6)


def test_the_journal_of_another_search(tmp_path):
    search(tmp_path, count=1)
    other = oracle("random", search_space({"y": [1, 2]}), trials=1, epochs=1)
    with pytest.raises(ValueError, match=r"journal\.json: of another search"):
        tune(other, tmp_path, trials.score)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": "genetic"}, "`search` must be one of"),
        ({"count": 0}, "`trials` must be at least 1"),
        ({"parallel": 0}, "`parallel` must be at least 1"),
    ],
)
def test_out_of_range(tmp_path, wrong, message):
    with pytest.raises(ValueError, match=message):
        search(tmp_path, **wrong)

"""Real processes on loopback, and one that is killed."""

import json
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from mmfusion.training import multi_worker
from mmfusion.training.history import read_history


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The folder of the runs, and what their processes ended with."""
    folder = tmp_path_factory.mktemp("workers")
    script = Path(__file__).with_name("workers.py")
    done = subprocess.run(
        [sys.executable, str(script), str(folder)], capture_output=True, text=True, timeout=400
    )
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


def same(one, other):
    with np.load(one) as ours, np.load(other) as theirs:
        for name in theirs.files:
            np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    "weights", ["mirrored/mirrored-0.npz", "both/all-0.npz", "both/all-1.npz", "broken/all-1.npz"]
)
def test_the_weights_are_those_of_one_process_on_the_same_global_batch(told, weights):
    folder, codes = told
    assert codes["single"] == codes["both"] == codes["resumed"] == [0, 0]
    same(folder / weights, folder / "single" / "all-0.npz")


def test_a_worker_that_dies_stops_the_other_in_bounded_time_with_a_clear_message(told):
    folder, codes = told
    first, second = codes["killed"]
    assert second == -9
    assert first == 1
    assert codes["stopped_after_s"] < 30
    message = (folder / "broken" / "cut-0.log").read_text()
    assert "worker 1 at 127.0.0.1:" in message
    assert "Start all workers again" in message


def test_each_worker_fills_its_own_folder_and_the_numbers_agree(told):
    folder, _ = told
    single = read_history(folder / "single" / "history.csv")
    for run in ("both", "both/worker-1", "broken", "broken/worker-1"):
        found = read_history(folder / run / "history.csv")
        assert found["epoch"] == [0, 1, 2, 3, 4]
        for column in single:
            np.testing.assert_allclose(found[column], single[column], rtol=1e-4)


def test_a_version_that_was_not_tried_is_refused(monkeypatch):
    monkeypatch.setattr(keras, "__version__", "3.99.0")
    with pytest.raises(RuntimeError, match=r"tried on Keras 3\.15\.x only. Received: 3\.99\.0"):
        multi_worker.mend_fit()


def test_one_process_agrees_with_itself():
    assert multi_worker.agreed(7, None) == 7

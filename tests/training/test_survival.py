"""Trainings in real processes that are killed at random moments."""

import json
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from mmfusion.training.history import read_history

SURVIVOR = Path(__file__).with_name("survivor.py")


@pytest.fixture(scope="module")
def survived(tmp_path_factory):
    """What the killed processes told, and their run folders."""
    folder = tmp_path_factory.mktemp("survival")
    runs = [folder / name for name in ("unbroken", "killed", "asked")]
    done = subprocess.run(
        [sys.executable, str(SURVIVOR), *map(str, runs)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), runs


def test_a_kill_ends_at_once_and_sigterm_with_143(survived):
    told, _ = survived
    assert told[0] == ["unbroken", 0, 0]
    killed = [line for line in told if line[0] == "killed"]
    assert [line[1] for line in killed] == [-9] * 4 + [0]
    assert killed[3][2] >= 1  # there was something to go on with
    assert [line for line in told if line[0] == "asked"] == [["asked", 143, 2], ["asked", 0, 0]]


@pytest.mark.parametrize("name", ["killed", "asked"])
def test_the_end_is_that_of_an_unbroken_training(survived, name):
    _, runs = survived
    unbroken, broken = runs[0], next(run for run in runs if run.name == name)
    ours, theirs = (read_history(run / "history.csv") for run in (broken, unbroken))
    assert ours.keys() == theirs.keys() >= {"loss", "val_loss", "learning_rate"}
    for column in theirs:
        np.testing.assert_allclose(ours[column], theirs[column], rtol=1e-5)
    for file in ("best.keras", "last.keras"):
        models = [keras.saving.load_model(run / file) for run in (broken, unbroken)]
        pairs = zip(*(model.get_weights() for model in models), strict=True)
        for one, other in pairs:
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)


def test_no_half_file_is_left(survived):
    _, runs = survived
    for run in runs:
        names = sorted(path.name for path in (run / "checkpoints").glob("*epoch-*"))
        assert names[-2:] == ["epoch-0007.json", "epoch-0007.npz"]
        assert len(names) == 4
        assert [name[:10] for name in names[::2]] == [name[:10] for name in names[1::2]]

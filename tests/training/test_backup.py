import json
import os
import subprocess
import sys

import keras
import numpy as np
import pytest

from mmfusion.training.backup import Backup
from mmfusion.training.best_model import BestModel
from mmfusion.training.history import History, read_history

HOLDER = """
import sys, time
from mmfusion.files import locked
with locked(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


class CutError(Exception):
    """Stands for a kill: `fit` never comes to its end."""


def training(model, batches, run, *, epochs=6, cut_after=None, **settings):
    """Trains into a run folder as `callbacks` does; dies after an epoch if told to."""
    best = BestModel(run / "best.keras", monitor="loss", patience=50)
    history = History(run / "history.csv")
    backup = Backup(run / "checkpoints", {"best": best, "history": history}, **settings)

    def die(epoch, logs):
        if epoch == cut_after:
            raise CutError

    dying = keras.callbacks.LambdaCallback(on_epoch_end=die)
    model.fit(
        batches, epochs=epochs, verbose=0, shuffle=False, callbacks=[best, history, backup, dying]
    )
    return model


def cut_run(make, batches, run, cut_after=2):
    with pytest.raises(CutError) as caught:
        training(make(), batches, run, cut_after=cut_after)
    del caught  # and with it the dead run's hold on the folder


def names(run):
    return sorted(path.name for path in (run / "checkpoints").glob("epoch-*"))


def same(one, other):
    for ours, theirs in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)


@pytest.fixture
def unbroken(make, batches, tmp_path):
    return training(make(), batches, tmp_path / "unbroken")


@pytest.fixture(autouse=True)
def folders(tmp_path):
    (tmp_path / "unbroken").mkdir()
    (tmp_path / "run").mkdir()


def test_keeps_the_last_two(make, batches, tmp_path):
    training(make(), batches, tmp_path / "run", epochs=4)
    assert names(tmp_path / "run") == [
        "epoch-0002.json",
        "epoch-0002.npz",
        "epoch-0003.json",
        "epoch-0003.npz",
    ]


@pytest.mark.parametrize("cut_after", [0, 2, 4])
def test_a_cut_training_ends_as_an_unbroken_one(make, batches, tmp_path, unbroken, cut_after):
    run = tmp_path / "run"
    cut_run(make, batches, run, cut_after)
    resumed = training(make(), batches, run)
    same(resumed, unbroken)
    ours, theirs = (read_history(tmp_path / name / "history.csv") for name in ("run", "unbroken"))
    assert ours["epoch"] == theirs["epoch"] == [0, 1, 2, 3, 4, 5]
    assert ours["loss"] == pytest.approx(theirs["loss"], rel=1e-5)


def test_a_torn_best_model_makes_the_training_start_anew(make, batches, tmp_path, unbroken, caplog):
    run = tmp_path / "run"
    cut_run(make, batches, run)
    os.truncate(run / ".best.npz", 100)
    same(training(make(), batches, run), unbroken)
    assert ".best.npz: missing or torn" in caplog.text
    assert read_history(run / "history.csv")["epoch"] == [0, 1, 2, 3, 4, 5]


def test_where_every_checkpoint_is_torn_the_training_starts_anew(make, batches, tmp_path, unbroken):
    run = tmp_path / "run"
    cut_run(make, batches, run)
    for path in (run / "checkpoints").glob("epoch-*.npz"):
        os.truncate(path, 10)
    same(training(make(), batches, run), unbroken)
    assert names(run) == [f"epoch-000{at}.{kind}" for at in (4, 5) for kind in ("json", "npz")]


def test_a_torn_history_is_written_anew(make, batches, tmp_path):
    run = tmp_path / "run"
    cut_run(make, batches, run)
    (run / "history.csv").write_text("epo")
    training(make(), batches, run)
    assert read_history(run / "history.csv")["epoch"] == [0, 1, 2, 3, 4, 5]


def test_a_training_that_had_stopped_early_is_not_gone_on_with(make, batches, tmp_path):
    """Killed after the checkpoint of the epoch at which it stopped: no further epoch comes."""
    (tmp_path / "run" / "checkpoints").mkdir()

    def fit(dying):
        stop = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: setattr(model, "stop_training", epoch == 1)
        )
        backup = Backup(tmp_path / "run" / "checkpoints", {})
        model = make()
        model.fit(batches, epochs=5, verbose=0, shuffle=False, callbacks=[stop, backup, *dying])
        return model

    def die(epoch, logs):
        if epoch == 1:
            raise CutError

    with pytest.raises(CutError) as caught:
        fit([keras.callbacks.LambdaCallback(on_epoch_end=die)])
    del caught
    same(fit([]), training(make(), batches, tmp_path / "unbroken", epochs=2))


@pytest.mark.parametrize("tear", ["weights cut", "weights gone", "json cut", "json nonsense"])
def test_a_torn_checkpoint_is_passed_over(make, batches, tmp_path, unbroken, caplog, tear):
    run = tmp_path / "run"
    cut_run(make, batches, run)
    record = run / "checkpoints" / "epoch-0002.json"
    weights = run / "checkpoints" / "epoch-0002.npz"
    if tear == "weights cut":
        os.truncate(weights, weights.stat().st_size // 2)
    elif tear == "weights gone":
        weights.unlink()
    else:
        record.write_text('{"epo' if tear == "json cut" else "[]")
    same(training(make(), batches, run), unbroken)
    assert "epoch-0002" in caplog.text


def test_a_finished_training_is_not_resumed(make, batches, tmp_path):
    run = tmp_path / "run"
    training(make(), batches, run, epochs=2)
    again = make()
    training(again, batches, run, epochs=3)
    assert read_history(run / "history.csv")["epoch"] == [0, 1, 2]
    same(again, training(make(), batches, tmp_path / "unbroken", epochs=3))


def test_resume_false_starts_anew(make, batches, tmp_path):
    run = tmp_path / "run"
    cut_run(make, batches, run, cut_after=3)
    training(make(), batches, run, epochs=1, resume=False)
    assert read_history(run / "history.csv")["epoch"] == [0]
    assert names(run) == ["epoch-0000.json", "epoch-0000.npz"]


def test_a_broken_epoch_is_no_checkpoint(make, batches, tmp_path):
    backup = Backup(tmp_path / "run", {})
    backup.set_model(make())
    backup.on_train_begin()
    backup.on_epoch_end(0, {"loss": float("nan")})
    backup.on_train_end()
    assert list((tmp_path / "run").glob("epoch-*")) == []


def test_the_next_fit_counts_from_its_own_first_epoch(make, batches, tmp_path):
    cut_run(make, batches, tmp_path / "run")
    model = training(make(), batches, tmp_path / "run")
    assert model.fit(batches, epochs=2, verbose=0, shuffle=False).epoch == [0, 1]


def test_record_is_plain_json(make, batches, tmp_path):
    training(make(), batches, tmp_path / "run", epochs=1)
    record = json.loads((tmp_path / "run" / "checkpoints" / "epoch-0000.json").read_text())
    assert (record["epoch"], record["finished"]) == (0, True)
    assert record["states"]["best"]["wait"] == 0


def test_two_runs_on_one_folder(make, batches, tmp_path):
    checkpoints = tmp_path / "run" / "checkpoints"
    command = [sys.executable, "-c", HOLDER, str(checkpoints)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout.readline() == "held\n"
            with pytest.raises(RuntimeError, match=f"process {other.pid}"):
                training(make(), batches, tmp_path / "run", epochs=1)
        finally:
            other.kill()
    training(make(), batches, tmp_path / "run", epochs=1)
    assert names(tmp_path / "run") == ["epoch-0000.json", "epoch-0000.npz"]

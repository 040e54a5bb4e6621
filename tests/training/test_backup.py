import concurrent.futures
import json
import math
import os
import signal
import subprocess
import sys
import threading

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.files import sha256, write_json
from mmfusion.training import backup
from mmfusion.training.backup import Backup, advanced, epochs_done, resumable
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
    keeping = Backup(run / "checkpoints", {"best": best, "history": history}, **settings)

    chosen = [best, history, keeping, dying(cut_after)]
    model.fit(batches, epochs=epochs, verbose=0, shuffle=False, callbacks=chosen)
    return model


def dying(after):
    def die(epoch, logs):
        if epoch == after:
            raise CutError

    return keras.callbacks.LambdaCallback(on_epoch_end=die)


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
def folders(tmp_path, monkeypatch):
    """Every epoch is written, however long it takes, unless a test says otherwise."""
    monkeypatch.setattr(backup, "SHARE", math.inf)
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


def test_what_a_dead_training_wrote_too_little_of_is_done_again(
    make, batches, tmp_path, unbroken, monkeypatch
):
    """Only the first epoch was written; the best one came later and is forgotten."""
    monkeypatch.setattr(backup, "SHARE", 1e-9)
    run = tmp_path / "run"
    cut_run(make, batches, run, cut_after=3)
    assert names(run) == ["epoch-0000.json", "epoch-0000.npz"]
    resumed = training(make(), batches, run)
    same(resumed, unbroken)
    same(keras.models.load_model(run / "best.keras"), unbroken)
    assert names(run)[-1] == "epoch-0005.npz"


def test_a_best_epoch_before_the_kill_is_given_back(make, batches, tmp_path):
    best = []

    def note(epoch, logs):
        logs["loss"] = [3.0, 1.0, 2.0, 2.0][epoch]
        if epoch == 1:
            best.extend(model.get_weights())

    def fit(*further):
        noting = keras.callbacks.LambdaCallback(on_epoch_end=note)
        keeper = BestModel(tmp_path / "best.keras", monitor="loss")
        chosen = [noting, keeper, Backup(tmp_path / "run", {"best": keeper}), *further]
        model.fit(batches, epochs=4, verbose=0, shuffle=False, callbacks=chosen)

    model = make()
    with pytest.raises(CutError) as caught:
        fit(dying(2))
    del caught
    model = make()
    fit()
    for ours, theirs in zip(model.get_weights(), best, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_other_callbacks_than_before_start_anew(make, batches, tmp_path, caplog):
    run = tmp_path / "run"
    cut_run(make, batches, run)
    chosen = Backup(run / "checkpoints", {"history": History(run / "a.csv"), "plateau": None})
    chosen.set_model(make())
    chosen.on_train_begin()
    chosen.on_train_end()
    assert names(run) == []
    assert "other callbacks than before" in caplog.text


def test_asked_to_leave_it_writes_the_last_whole_epoch(make, batches, tmp_path, monkeypatch):
    """Ctrl-C in the middle of the fourth epoch."""
    monkeypatch.setattr(backup, "SHARE", 1e-9)

    def ask(batch, logs):
        if int(model.optimizer.iterations) == 11:
            signal.raise_signal(signal.SIGINT)

    model = make()
    asking = keras.callbacks.LambdaCallback(on_train_batch_end=ask)
    chosen = [Backup(tmp_path / "run" / "checkpoints", {}), asking]
    with pytest.raises(KeyboardInterrupt):
        model.fit(batches, epochs=6, verbose=0, shuffle=False, callbacks=chosen)
    assert names(tmp_path / "run")[::2] == ["epoch-0000.json", "epoch-0002.json"]


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

    def fit(*further):
        stop = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: setattr(model, "stop_training", epoch == 1)
        )
        chosen = [stop, Backup(tmp_path / "run" / "checkpoints", {}), *further]
        model = make()
        model.fit(batches, epochs=5, verbose=0, shuffle=False, callbacks=chosen)
        return model

    with pytest.raises(CutError) as caught:
        fit(dying(1))
    del caught
    same(fit(), training(make(), batches, tmp_path / "unbroken", epochs=2))


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
    keeping = Backup(tmp_path / "run", {})
    keeping.set_model(make())
    keeping.on_train_begin()
    keeping.on_epoch_end(0, {"loss": float("nan")})
    keeping.on_train_end()
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


@pytest.mark.parametrize(
    ("ours", "others", "common"),
    [
        ([], [], None),
        ([3, 7], [], None),
        ([3, 7], [3, 7], 7),
        ([3, 7], [3], 3),
        ([3, 7], [3, 6], 3),
        ([5, 7], [4, 6], None),
    ],
)
def test_workers_go_on_from_the_last_epoch_that_each_has(
    tmp_path, monkeypatch, ours, others, common
):
    """Two threads stand for two workers."""
    said, meeting = [], threading.Barrier(2, timeout=10)

    def agreed(number, strategy):
        said.append(number)
        meeting.wait()
        lowest = min(said[-2:])
        meeting.wait()
        return lowest

    def found(epochs):
        folder = tmp_path / "-".join(map(str, [threading.get_ident(), *epochs]))
        folder.mkdir()
        for epoch in epochs:
            path = folder / f"epoch-{epoch:04d}.npz"
            path.touch()
            record = {"epoch": epoch, "finished": False, "weights": path.name}
            write_json(path.with_suffix(".json"), {**record, "sha256": sha256(path)})
        record = resumable(folder)
        return None if record is None else record["epoch"]

    monkeypatch.setattr(backup, "agreed", agreed)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        assert list(pool.map(found, [ours, others])) == [common, common]


def shuffled():
    numbers = tf.data.Dataset.range(20).cache().shuffle(20, seed=3)
    drawn = tf.data.Dataset.random(seed=3, rerandomize_each_iteration=True)
    return tf.data.Dataset.zip(numbers, drawn).batch(4).prefetch(2)


def read(batches, epochs):
    """The elements of so many epochs, as they come to a training."""
    taken = batches.repeat().take(5 * epochs)
    return [tuple(part.numpy().tolist() for part in batch) for batch in taken]


@pytest.mark.parametrize("done", [0, 1, 3])
def test_goes_on_with_the_shuffle_of_that_epoch(done):
    unbroken = read(shuffled(), 5)
    assert read(advanced(shuffled(), done), 5 - done) == unbroken[5 * done :]
    assert unbroken[:5] != unbroken[5:10]


def test_nothing_kept_is_no_epoch(tmp_path):
    assert epochs_done(tmp_path) == 0


@pytest.mark.parametrize(("finished", "expected"), [(False, 4), (True, 0)])
def test_a_finished_training_is_not_gone_on_with(tmp_path, finished, expected):
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "epoch-0003.npz").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    record = {"epoch": 3, "finished": finished, "weights": "epoch-0003.npz", "sha256": empty}
    (tmp_path / "checkpoints" / "epoch-0003.json").write_text(json.dumps(record))
    assert epochs_done(tmp_path) == expected

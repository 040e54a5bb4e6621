"""Fits that are cut short, averaged, weighed and varied."""

import dataclasses
import types
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.experiments.feed import Feed
from mmfusion.experiments.fit_model import fit_model
from mmfusion.options.optimisation import Optimisation
from mmfusion.options.training import Training
from mmfusion.training.history import read_history
from mmfusion.training.snapshots import snapshots

ROWS = 24


@dataclasses.dataclass(frozen=True)
class Part:
    """Stands for some rows, two of three of class "a"."""

    count: int = ROWS

    @property
    def rows(self):
        steps = {"audio": 1}
        return [
            {"id": str(at), "label": "baa"[at % 3], "group": None, "valid_steps": steps}
            for at in range(self.count)
        ]

    classes = ("a", "b")
    quarantined = ()

    def __len__(self):
        return self.count


def training(**fields):
    fields = {"learning_rate": 0.05, "weight_decay": 0.0, "epochs": 4, "patience": 9} | fields
    return Training(optimisation=Optimisation(**fields))


def batches(part, prep, **kwargs):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(len(part), 1, 4)).astype("float32")
    mask = np.ones((len(part), 1), bool)
    data = ({"audio": x, "audio_mask": mask}, (x[:, 0, 0] > 0).astype("int32"))
    return tf.data.Dataset.from_tensor_slices(data).shuffle(len(part), seed=0).batch(8)


def tiny_model():
    keras.utils.set_random_seed(0)
    x = {
        "audio": keras.Input((1, 4), name="audio"),
        "audio_mask": keras.Input((1,), dtype="bool", name="audio_mask"),
    }
    hidden = keras.layers.Dropout(0.2)(keras.layers.Dense(8, "tanh")(x["audio"][:, 0]))
    return keras.Model(x, keras.layers.Dense(2, "softmax")(hidden))


def fitted(folder, cut_after=None, resume=True, val=ROWS, load=batches, **fields):
    folder.mkdir(exist_ok=True)
    model = tiny_model()
    if cut_after is not None:

        class Cut(keras.Model):
            """Dies in the middle of an epoch."""

            def train_step(self, data):
                if int(self.optimizer.iterations) == cut_after:
                    raise InterruptedError
                return super().train_step(data)

        model = Cut(model.input, model.output)
        compile_ = model.compile
        model.compile = lambda **how: compile_(**how, run_eagerly=True)
    corpus = types.SimpleNamespace(batches=load)
    feed = Feed(corpus, Part(), corpus, Part(val), None, Part.classes)
    return fit_model(model, feed, how=training(**fields), out=folder, resume=resume)


@pytest.mark.parametrize(
    "fields",
    [{}, {"mix": "mixup"}, {"ema_momentum": 0.5}, {"schedule": "plateau"}],
    ids=str,
)
def test_a_cut_training_ends_as_an_unbroken_one(tmp_path, fields):
    with pytest.raises(InterruptedError) as caught:
        fitted(tmp_path / "run", cut_after=7, **fields)
    del caught
    assert read_history(tmp_path / "run" / "history.csv")["epoch"] == [0, 1]
    fitted(tmp_path / "run", **fields)
    fitted(tmp_path / "unbroken", **fields)
    ours, theirs = (read_history(tmp_path / name / "history.csv") for name in ("run", "unbroken"))
    for column in theirs:
        np.testing.assert_allclose(ours[column], theirs[column], rtol=1e-4)


def test_the_range_test_finds_the_learning_rate_and_leaves_its_plot(tmp_path):
    fitted(tmp_path / "run", find_learning_rate=True, epochs=1, schedule="fixed")
    plot = tmp_path / "run" / "plots" / "learning_rate_range_test.png"
    assert plot.stat().st_size > 1000


def test_the_mean_of_the_last_epochs_is_what_is_kept(tmp_path):
    model = fitted(tmp_path / "run", average_epochs=2)
    kept = [
        keras.saving.load_model(path, compile=False).get_weights()
        for path in snapshots(tmp_path / "run" / "average")
    ]
    best = keras.saving.load_model(Path(tmp_path, "run", "best.keras"), compile=False)
    for mean, ours, one, other in zip(best.get_weights(), model.get_weights(), *kept, strict=True):
        np.testing.assert_allclose(mean, (one + other) / 2, rtol=1e-5)
        np.testing.assert_array_equal(mean, ours)


def test_what_an_earlier_training_kept_is_not_averaged(tmp_path):
    fitted(tmp_path / "run", average_epochs=2, snapshots=1)
    fitted(tmp_path / "run", resume=False, epochs=2, average_epochs=1)
    kept = {path.name for path in snapshots(tmp_path / "run" / "average")}
    assert kept == {"epoch-0001.keras"}
    assert not snapshots(tmp_path / "run" / "snapshots")


@pytest.mark.parametrize("balance", [True, False])
def test_rows_to_train_on_are_varied_and_weighed_and_others_are_not(tmp_path, balance):
    read = []

    def load(part, prep, **kwargs):
        read.append((len(part), kwargs))
        return batches(part, prep)

    fitted(tmp_path / "run", load=load, val=9, epochs=1, balance_presence=balance)
    (train, given), (val, others) = read
    assert (train, val) == (ROWS, 9)
    assert not {"training", "weights"} & set(others)
    assert given["training"] == Training().augmentation
    assert given["weights"] == ({str(at): 1.0 for at in range(ROWS)} if balance else None)


def test_nothing_need_validate(tmp_path):
    fitted(tmp_path / "run", val=0, epochs=1)
    assert "val_loss" not in read_history(tmp_path / "run" / "history.csv")
    assert (tmp_path / "run" / "best.keras").is_file()


@pytest.mark.parametrize(("val", "monitor"), [(49, "loss"), (50, "val_loss")])
def test_few_rows_do_not_choose_the_best_epoch(tmp_path, monkeypatch, val, monitor):
    asked = []

    class EnoughError(Exception):
        pass

    def callbacks(*_, monitor, **kwargs):
        asked.append(monitor)
        raise EnoughError

    monkeypatch.setattr("mmfusion.experiments.fit_model.callbacks", callbacks)
    with pytest.raises(EnoughError):
        fitted(tmp_path / "run", val=val)
    assert asked == [monitor]

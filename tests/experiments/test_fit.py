"""Fits that are cut short, averaged and seeded, and the run folders that they leave."""

import dataclasses
import json
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.experiments.array_corpus import ArrayCorpus
from mmfusion.experiments.fit import class_counts, fit, fit_model, fit_seeds
from mmfusion.experiments.open_corpus import open_corpus
from mmfusion.experiments.run import read_run
from mmfusion.options.corpus import Corpus
from mmfusion.options.network import Network
from mmfusion.options.optimisation import Optimisation
from mmfusion.options.scoring import Scoring
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
    rows, how = (Part(), Part(val)), training(**fields)
    return fit_model(model, None, rows, load, how=how, out=folder, resume=resume)


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
    assert (train, val, others) == (ROWS, 9, {})
    assert given["training"] == Training().augmentation
    assert given["weights"] == ({str(at): 1.0 for at in range(ROWS)} if balance else None)


def test_nothing_need_validate(tmp_path):
    fitted(tmp_path / "run", val=0, epochs=1)
    assert "val_loss" not in read_history(tmp_path / "run" / "history.csv")
    assert (tmp_path / "run" / "best.keras").is_file()


@pytest.mark.parametrize(("val", "monitor"), [(49, "loss"), (50, "val_loss")])
def test_few_rows_do_not_choose_the_best_epoch(tmp_path, monkeypatch, val, monitor):
    asked = []

    class Enough(Exception):
        pass

    def callbacks(*_, monitor, **kwargs):
        asked.append(monitor)
        raise Enough

    monkeypatch.setattr("mmfusion.experiments.fit.callbacks", callbacks)
    with pytest.raises(Enough):
        fitted(tmp_path / "run", val=val)
    assert asked == [monitor]


def test_counts_in_the_order_of_the_classes():
    assert class_counts(Part()) == [16, 8]
    assert class_counts(Part(0)) == [0, 0]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """40 rows of 20 groups, their class in the sign of `x`."""
    rng = np.random.default_rng(0)
    label = np.arange(40) // 2 % 2
    path = tmp_path_factory.mktemp("fit") / "corpus.npz"
    arrays = {"x": rng.normal(size=(40, 2)) + 4 * label[:, None], "label": label}
    np.savez(path, **arrays, group=np.arange(40) // 2, class_names=["low", "high"])
    return open_corpus(Corpus(manifest=str(path)))


HOW = Training(
    seed=3,
    network=Network(units=4),
    optimisation=Optimisation(epochs=2, learning_rate=0.02),
    scoring=Scoring(positive="high", recall=0.5),
)


@pytest.fixture(scope="module")
def parts(corpus):
    return {"train": corpus.rows[:28], "val": corpus.rows[28:], "test": ()}


@pytest.fixture(scope="module")
def seeds(corpus, parts, tmp_path_factory):
    """The mean of two seeds, and where it lies."""
    how = dataclasses.replace(HOW, seeds=2)
    return fit_seeds(corpus, parts, how=how, out=tmp_path_factory.mktemp("seeds") / "run")


def test_several_seeds_have_run_folders_of_their_own(seeds):
    configs = [
        json.loads((seeds.folder / f"seed-{seed}" / "config.json").read_text()) for seed in (3, 4)
    ]
    found = [(each["training"]["seed"], each["training"]["seeds"]) for each in configs]
    assert found == [(3, 1), (4, 1)]
    whole = json.loads((seeds.folder / "config.json").read_text())["training"]
    assert (whole["seed"], whole["seeds"]) == (3, 2)
    for seed in (3, 4):  # the file is there once
        own = seeds.folder / f"seed-{seed}" / "preprocessor.keras"
        assert own.samefile(seeds.folder / "preprocessor.keras")


def test_the_mean_of_the_seeds_is_a_run(seeds):
    opened = read_run(seeds.folder)
    batch = {"x": np.ones((1, 1, 2), "float32"), "x_mask": np.ones((1, 1), bool)}
    single = [read_run(seeds.folder / f"seed-{seed}").model(batch) for seed in (3, 4)]
    np.testing.assert_allclose(opened.model(batch), np.mean(single, axis=0), rtol=1e-5)
    np.testing.assert_allclose(opened.model(batch), seeds.model(batch), rtol=1e-5)


def test_the_run_folder_says_what_was_trained_on(corpus, parts, seeds):
    config = seeds.config
    assert config["manifest"] == corpus.path
    assert (config["classes"], config["modalities"]) == (["low", "high"], ["x"])
    assert {name: len(ids) for name, ids in config["parts"].items()} == {
        "train": 28,
        "val": 12,
        "test": 0,
    }
    assert config["corpus"] == corpus.description()
    assert config["training"]["optimisation"]["batch_size"] == 28  # all, for they are fewer than 32
    calibration = json.loads((seeds.folder / "seed-3" / "calibration.json").read_text())
    assert (calibration["n"], calibration["threshold"]["class"]) == (12, "high")


def test_what_is_done_is_not_trained_again(corpus, parts, seeds, tmp_path):
    model = seeds.folder / "seed-3" / "best.keras"
    before = model.stat().st_mtime_ns
    again = {"corpus": corpus, "parts": parts, "out": model.parent}
    fit(**again, how=HOW)
    assert model.stat().st_mtime_ns == before
    fit(**again, how=dataclasses.replace(HOW, seed=4))
    assert model.stat().st_mtime_ns != before


@pytest.mark.parametrize(
    ("fields", "rows", "message"),
    [
        ({"scoring": Scoring(positive="riot")}, 28, "`positive` must be one of .*'riot'"),
        ({}, 0, "each class needs a readable row"),
        ({"optimisation": Optimisation(batch_size=29)}, 28, "`batch_size` must be 1 to the 28"),
    ],
)
def test_what_cannot_be_trained_leaves_no_folder(corpus, tmp_path, fields, rows, message):
    parts = {"train": corpus.rows[:rows], "val": corpus.rows[28:], "test": ()}
    with pytest.raises(ValueError, match=message):
        fit(corpus, parts, how=dataclasses.replace(HOW, **fields), out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_corpus_of_its_own_validates(corpus, tmp_path):
    arrays = dataclasses.replace(corpus.arrays, tensors={**corpus.arrays.tensors})
    other = ArrayCorpus(arrays.select(corpus.rows[:4]), corpus.options)
    parts = {"train": corpus.rows[4:], "val": other.rows, "test": ()}
    run = fit(corpus, parts, how=HOW, out=tmp_path / "run", validation=other)
    assert json.loads((run.folder / "calibration.json").read_text())["n"] == 4

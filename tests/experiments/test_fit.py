"""Fits of one seed and of several, and the run folders that they leave."""

import dataclasses
import json

import numpy as np
import pytest

from mmfusion.experiments.array_corpus import ArrayCorpus
from mmfusion.experiments.fit import fit, fit_seeds
from mmfusion.experiments.open_corpus import open_corpus
from mmfusion.experiments.run import read_run
from mmfusion.options.corpus import Corpus
from mmfusion.options.network import Network
from mmfusion.options.optimisation import Optimisation
from mmfusion.options.scoring import Scoring
from mmfusion.options.training import Training


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
    optimisation=Optimisation(epochs=1, learning_rate=0.02),
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

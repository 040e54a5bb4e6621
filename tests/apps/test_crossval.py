"""One cross-validation for clips and for arrays."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from mmfusion.apps import crossval
from mmfusion.data.synthetic import CorpusSize, make_corpus
from mmfusion.experiments.open_corpus import open_both
from mmfusion.experiments.out_of_fold import read_out_of_fold
from mmfusion.experiments.run import read_run
from mmfusion.options.reading import read_options
from mmfusion.options.verbs import CrossvalOptions
from tests.apps.corpora import write_arrays, write_words


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crossval")
    manifest = make_corpus(folder, CorpusSize(train=0, val=0, test=8, broken=0))
    options = read_options(
        CrossvalOptions,
        manifest=str(manifest),
        out=str(folder / "out"),
        folds=2,
        steps=2,
        size_px=16,
        sample_rate_hz=8000,
        units=4,
        epochs=1,
        modalities=("audio",),
        cache=str(folder / "cache"),
    )
    return options, crossval.run(options)


@pytest.fixture
def words(quick, tmp_path):
    """Options for 48 clips of words alone."""
    manifest = write_words(tmp_path / "m.jsonl", 48, groups=48)
    return quick(CrossvalOptions, manifest, tmp_path / "out", folds=2)


def test_every_clip_is_tested_once_and_no_group_is_on_both_sides(result):
    options, found = result
    assert [fold["n"] for fold in found["folds"]] == [32, 32]
    parts = [read_run(f"{options.out}/fold-{k}").config["parts"] for k in range(2)]
    for part in parts:
        scenes = {name: {clip.split("_")[0] for clip in ids} for name, ids in part.items()}
        assert not scenes["test"] & (scenes["train"] | scenes["val"])
        assert not scenes["train"] & scenes["val"]
    assert not set(parts[0]["test"]) & set(parts[1]["test"])


def test_mean_and_spread_by_hand(result):
    _, found = result
    first, second = (fold["accuracy"] for fold in found["folds"])
    assert found["mean"]["accuracy"] == pytest.approx((first + second) / 2)
    assert found["std"]["accuracy"] == pytest.approx(abs(first - second) / 2)
    assert found["mean"]["majority"] == pytest.approx(0.125)
    assert "audio" in crossval.table(found)


def test_out_of_fold_holds_what_the_folds_scored(result):
    options, found = result
    classes, kept = read_out_of_fold(options.out)
    right = [classes[int(np.argmax(row["probabilities"]))] == row["label"] for row in kept.values()]
    assert len(right) == 64
    assert np.mean(right) == pytest.approx(found["mean"]["accuracy"])
    card = Path(options.out, "model_card.md").read_text()
    assert "Grouped cross-validation, 2 folds" in card


def test_a_fold_without_a_class_is_reported_before_training(words, caplog, monkeypatch):
    path = Path(words.corpus.manifest)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    for row in rows[:2]:
        row["label"] = "rare"  # in two groups, for three folds
    path.write_text("\n".join(map(json.dumps, rows)))
    monkeypatch.setattr(crossval, "fit", None)
    with pytest.raises(TypeError):
        crossval.run(dataclasses.replace(words, folds=3))
    said = [r.getMessage() for r in caplog.records if "['rare'] is tested on" in r.getMessage()]
    assert len(said) == 1
    assert "by the groups of fold-" in said[0]


def test_arrays_alike_and_seeds_redraw_the_folds(quick, tmp_path, monkeypatch):
    path = write_arrays(tmp_path / "x.npz")
    flags = {"group": "video", "folds": 2, "seeds": 2, "seed": 5, "epochs": 3}
    options = quick(CrossvalOptions, path, tmp_path / "out", **flags)
    found = crossval.run(options)
    assert [(fold["seed"], fold["fold"]) for fold in found["folds"]] == [
        (5, 0),
        (5, 1),
        (6, 0),
        (6, 1),
    ]
    runs = [read_run(tmp_path / "out" / fold["name"]) for fold in found["folds"]]
    tested = [set(run.config["parts"]["test"]) for run in runs]
    assert tested[0] | tested[1] == tested[2] | tested[3] == {str(at) for at in range(60)}
    assert tested[0] not in tested[2:]
    for run in runs:
        groups = [{int(row) // 2 % 12 for row in ids} for ids in run.config["parts"].values()]
        assert not set.intersection(*groups[:2])
        assert run.config["parts"]["val"] == []  # six groups are too few to hold an eighth back
    by_seed = np.reshape([fold["accuracy"] for fold in found["folds"]], (2, 2)).mean(axis=1)
    assert found["mean_accuracy"] == pytest.approx(by_seed.mean())
    assert found["std_accuracy"] == pytest.approx(by_seed.std())
    assert read_out_of_fold(tmp_path / "out")[0] == ["low", "high"]
    monkeypatch.setattr(crossval, "fit", None)
    assert crossval.run(options) == found


def test_threshold_and_curve_and_nothing_is_trained_twice(words, monkeypatch):
    scoring = dataclasses.replace(words.scoring, positive="alarm", recall=0.9)
    options = dataclasses.replace(words, curve=(0.5,), scoring=scoring)
    found = crossval.run(options)
    assert [row["share"] for row in found["curve"]] == [0.5, 1.0]
    half, full = (row["rows"] for row in found["curve"])
    assert half == pytest.approx(full / 2, abs=2)
    assert Path(options.out, "learning_curve.png").is_file()
    assert found["folds"][0]["at_threshold"]["threshold"] > 0
    assert "recall at threshold" in found["mean"]
    assert "rows trained on" in crossval.table(found)
    monkeypatch.setattr(crossval, "fit", None)
    assert crossval.run(options) == found


def test_a_class_that_a_fold_could_not_learn_is_said_before_a_clip_is_decoded(words):
    with open(words.corpus.manifest, "a") as file:
        file.write('\n{"id": "odd", "text": "what", "label": "odd"}')
    with pytest.raises(ValueError, match=r"to train on\. Received: none of \['odd'\]"):
        crossval.run(words)
    assert not Path(words.out).exists()


def test_nothing_is_fitted_to_the_rows_that_are_tested(quick, tmp_path):
    """Neither vocabulary nor scaling nor word vectors of a fold know its test part."""
    manifest = write_words(tmp_path / "m.jsonl", 32, groups=32)
    lines = manifest.read_text().splitlines()
    lines = [line.replace("help us", f"help us w{at}x") for at, line in enumerate(lines)]
    manifest.write_text("\n".join(lines))
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "f.npz", id=[str(at) for at in range(32)], f=rng.normal(size=(32, 2)))
    flags = {"features": str(tmp_path / "f.npz"), "modalities": ("text", "f"), "folds": 2}
    options = quick(CrossvalOptions, manifest, tmp_path / "out", **flags)
    crossval.run(options)
    run = read_run(tmp_path / "out" / "fold-0")
    own = {f"w{row}x" for row in run.config["parts"]["train"]}
    known = {word for word in run.preprocessor.get_layer("tokens").vocabulary if word[0] == "w"}
    assert known
    assert known <= own
    features = np.load(tmp_path / "f.npz")["f"].astype("float32")
    kept = features[[int(row) for row in run.config["parts"]["train"]]]
    offset = run.preprocessor.get_layer("f_scaling").offset
    np.testing.assert_allclose(offset, kept.mean(axis=0), rtol=1e-4)
    corpus, _ = open_both(options)
    assert len(corpus.rows) == 32

"""A search of two trials, and spaces that do not fit."""

import csv
import dataclasses
import json

import pytest

from mmfusion.apps import tune
from mmfusion.files import read_json
from mmfusion.options.verbs import TuneOptions
from tests.apps.corpora import write_words


@pytest.fixture
def options(quick, tmp_path):
    """Settings for words alone and a space of two trials."""
    space = {"learning_rate": [0.03, 1e-9], "optimisation.label_smoothing": [0.1]}
    (tmp_path / "space.json").write_text(json.dumps(space))
    manifest = write_words(tmp_path / "m.jsonl", 30, groups=30)
    flags = {"search": "grid", "trials": 2, "space": str(tmp_path / "space.json"), "epochs": 2}
    return quick(TuneOptions, manifest, tmp_path / "out", **flags)


def test_the_best_settings_are_found_and_trained(options, tmp_path):
    result = tune.run(options)
    assert result["best"] == {"learning_rate": 0.03, "optimisation.label_smoothing": 0.1}
    out = tmp_path / "out"
    with open(out / "leaderboard.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["rank"], row["learning_rate"]) for row in rows] == [("1", "0.03"), ("2", "1e-09")]
    for row in rows:  # not the loss of the training, which is smoothed
        folder = out / "trials" / row["trial"]
        assert float(row["val_log_loss"]) == read_json(folder / "calibration.json")["log_loss"]
    assert (out / "leaderboard.png").stat().st_size > 1000
    assert "<table>" in (out / "leaderboard.html").read_text()
    config = read_json(out / "best" / "config.json")
    how = config["training"]["optimisation"]
    assert (how["learning_rate"], how["label_smoothing"]) == (0.03, 0.1)
    assert result["metrics"]["n"] == len(config["parts"]["test"]) > 0
    assert result["quarantined"] == []
    assert not list(out.glob("trials/*/metrics.json"))  # no trial has seen the test part
    assert "0.03" in tune.table(result)


@pytest.mark.parametrize(
    ("space", "message"),
    [
        ({"learning_rat": [1]}, "Unknown option 'learning_rat'; did you mean 'learning_rate'"),
        ({"augmentation.crap": [0.1]}, "Unknown option 'augmentation.crap'"),
        ({"learning_rate": ["fast"]}, "`learning_rate` must be float"),
        ({"optimisation.loss": ["hinge"]}, "`loss` must be one of"),
        ({"fusion": ["confusion"]}, "`fusion` must be one of"),
        ({"epochs": [0]}, "`epochs` must be at least 1"),
        ({"units": 3}, "`units` must be a list of choices"),
        ({"units": []}, "`units` must be a list of choices"),
        ({}, "needs a field"),
        ([1], "needs a field"),
    ],
)
def test_a_space_that_does_not_fit_is_reported_before_anything_is_read(options, space, message):
    with open(options.space, "w") as file:
        json.dump(space, file)
    nowhere = dataclasses.replace(options.corpus, manifest="nowhere.csv")
    with pytest.raises(ValueError, match=message):
        tune.run(dataclasses.replace(options, corpus=nowhere))


def test_a_branch_that_does_not_fit_the_corpus(options):
    with open(options.space, "w") as file:
        json.dump({"branches.audio": ["mel_cnn"]}, file)
    with pytest.raises(ValueError, match="branches"):
        tune.run(options)


def test_the_default_space_is_of_known_fields(options):
    nowhere = dataclasses.replace(options.corpus, manifest="nowhere.csv")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        tune.run(dataclasses.replace(options, corpus=nowhere, space=None))


@pytest.mark.parametrize(
    ("modalities", "left_out"),
    [
        (("text",), {"augment_crop", "augment_modality_dropout", "fusion"}),
        (("video",), {"augment_modality_dropout", "fusion"}),
        (("audio", "text"), {"augment_crop"}),
        (("audio", "video"), set()),
    ],
)
def test_what_is_of_no_use_is_not_searched(modalities, left_out):
    assert tune.SPACE.keys() - tune.default_space(modalities).keys() == left_out


def test_no_trial_without_rows_to_validate_on(options, tmp_path):
    manifest = write_words(tmp_path / "train.jsonl", 8, split="train")
    corpus = dataclasses.replace(options.corpus, manifest=str(manifest))
    with pytest.raises(ValueError, match=r"train\.jsonl: a search needs rows to validate on"):
        tune.run(dataclasses.replace(options, corpus=corpus))
    assert not (tmp_path / "out").exists()

import csv
import dataclasses
import json

import pytest

from mmfusion.apps import tune
from mmfusion.files import read_json


@pytest.fixture
def options(tmp_path, word_clips):
    """Settings for words alone and a space of two trials."""
    (tmp_path / "space.json").write_text('{"rate": [0.03, 1e-9], "optimisation.smoothing": [0.1]}')
    return tune.Options(
        word_clips(15),
        str(tmp_path / "out"),
        cache=str(tmp_path / "cache"),
        modalities=("text",),
        epochs=3,
        units=4,
        steps=2,
        search="grid",
        trials=2,
        space=str(tmp_path / "space.json"),
    )


def test_the_best_settings_are_found_and_trained(options, tmp_path):
    result = tune.run(options)
    assert result["best"] == {"rate": 0.03, "optimisation.smoothing": 0.1}
    out = tmp_path / "out"
    with open(out / "leaderboard.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["rank"], row["rate"]) for row in rows] == [("1", "0.03"), ("2", "1e-09")]
    assert (out / "leaderboard.png").stat().st_size > 1000
    assert "<table>" in (out / "leaderboard.html").read_text()
    config = read_json(out / "best" / "config.json")
    assert (config["rate"], config["optimisation"]["smoothing"]) == (0.03, 0.1)
    assert result["metrics"]["n"] == len(config["parts"]["test"]) > 0
    assert not list(out.glob("trials/*/metrics.json"))  # no trial has seen the test part
    assert "0.03" in tune.table(result)


@pytest.mark.parametrize(
    ("space", "message"),
    [
        ({"rats": [1]}, "Unknown option 'rats'; the nearest is 'rate'"),
        ({"augmentation.crap": [0.1]}, "Unknown option 'crap'; the nearest is 'crop'"),
        ({"rate": ["fast"]}, "`rate` must be float"),
        ({"optimisation.loss": ["hinge"]}, "`loss` must be one of"),
        ({"fusion": ["confusion"]}, "`fusion` must be one of"),
        ({"branches.audio": ["mel_cnn"]}, "`branches` must name some of"),
        ({}, "needs a field"),
    ],
)
def test_a_space_that_does_not_fit_is_told_before_anything_is_read(options, space, message):
    with open(options.space, "w") as file:
        json.dump(space, file)
    missing = dataclasses.replace(options, manifest="nowhere.csv")
    with pytest.raises(ValueError, match=message):
        tune.run(missing)


def test_the_default_space_is_of_known_fields(options):
    missing = dataclasses.replace(options, manifest="nowhere.csv", space=None)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        tune.run(missing)

import json

import pytest

from mmfusion.apps import train
from mmfusion.apps.options import read_options
from mmfusion.apps.runs.recipes import RECIPES
from mmfusion.files import read_json
from mmfusion.training.history import read_history


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_is_options(name):
    options = read_options(train.Options, manifest="m", out="o", recipe=name)
    assert options.out == "o"
    averaged = options.optimisation.average_epochs
    assert not averaged or options.patience >= options.epochs  # the last ones are reached


def test_the_book_recipe_trains_as_the_book_says(tmp_path):
    said = {"calm": "all is fine", "alarm": "help us now"}
    rows = [
        {"id": str(at), "text": said[label], "label": label}
        for at, label in enumerate(["calm", "alarm"] * 40)
    ]
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, rows)))
    steady = {
        "dropout": 0.0,
        "augmentation.word_dropout": 0.0,
        "augmentation.modality_dropout": 0.0,
    }
    quick = {"modalities": ("text",), "epochs": 6, "units": 4, "steps": 2, **steady}
    options = read_options(
        train.Options,
        recipe="book",
        manifest=str(tmp_path / "manifest.jsonl"),
        out=str(tmp_path / "run"),
        cache=str(tmp_path / "cache"),
        **quick,
    )
    train.run(options)
    config = read_json(tmp_path / "run" / "config.json")
    assert (config["rate"], config["batch_size"]) == (0.001, 32)
    assert config["optimisation"]["optimizer"] == "sgd"
    losses = read_history(tmp_path / "run" / "history.csv")["loss"]
    assert losses[-1] < losses[0]

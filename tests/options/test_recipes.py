"""Recipes are options of a training, and that of the book trains as the book says."""

import json

import pytest

from mmfusion.apps import train
from mmfusion.files import read_json
from mmfusion.options.reading import read_options
from mmfusion.options.recipes import RECIPES
from mmfusion.options.verbs import TrainOptions
from mmfusion.training.history import read_history


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_is_options(name):
    options = read_options(TrainOptions, manifest="m", out="o", recipe=name)
    assert (options.out, options.recipe) == ("o", name)
    how = options.optimisation
    assert not how.average_epochs or how.patience >= how.epochs  # the last ones are reached


def test_a_flag_goes_before_the_recipe():
    options = read_options(TrainOptions, manifest="m", out="o", recipe="lips", augment_noise_db=0.0)
    assert (options.grid.size_px, options.augmentation.noise_db) == (24, 0.0)
    assert options.augmentation.crop == 0.0


def test_the_book_recipe_trains_as_the_book_says(tmp_path):
    texts = {"calm": "all is fine", "alarm": "help us now"}
    rows = [
        {"id": str(at), "text": texts[label], "label": label}
        for at, label in enumerate(["calm", "alarm"] * 40)
    ]
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, rows)))
    steady = {"dropout": 0.0, "augment_word_dropout": 0.0, "augment_modality_dropout": 0.0}
    quick = {"modalities": ("text",), "epochs": 3, "units": 4, "steps": 2, **steady}
    options = read_options(
        TrainOptions,
        recipe="book",
        manifest=str(tmp_path / "manifest.jsonl"),
        out=str(tmp_path / "run"),
        cache=str(tmp_path / "cache"),
        **quick,
    )
    train.run(options)
    how = read_json(tmp_path / "run" / "config.json")["training"]["optimisation"]
    assert (how["learning_rate"], how["batch_size"], how["optimizer"]) == (0.001, 32, "sgd")
    losses = read_history(tmp_path / "run" / "history.csv")["loss"]
    assert losses[-1] < losses[0]

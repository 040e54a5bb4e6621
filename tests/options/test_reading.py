import dataclasses
import json

import pytest

from mmfusion.options.reading import did_you_mean, read_options
from mmfusion.options.verbs import EvaluateOptions, TrainOptions


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "options.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return write


def read(path=None, **flags):
    return read_options(TrainOptions, path, manifest="m.csv", out="run", **flags)


def test_defaults_where_nothing_is_given():
    options = read(epochs=None)
    assert options == read()
    assert (options.corpus.manifest, options.out) == ("m.csv", "run")
    assert options.optimisation.epochs == 30


def test_a_file_by_name_and_by_group(file):
    options = read(file({"epochs": 3, "augmentation": {"crop": 0}, "modalities": ["text"]}))
    assert options.optimisation.epochs == 3
    assert options.augmentation.crop == 0
    assert options.corpus.modalities == ("text",)


def test_the_file_goes_before_the_recipe_and_flags_before_both(file):
    path = file({"recipe": "book", "batch_size": 8, "optimisation": {"momentum": 0.5}})
    how = read(path, schedule="step", loss=None).optimisation
    assert (how.batch_size, how.learning_rate) == (8, 1e-3)
    assert (how.optimizer, how.momentum, how.schedule) == ("sgd", 0.5, "step")


def test_a_recipe_is_kept_with_the_options():
    options = read(recipe="voice")
    assert options.recipe == "voice"
    assert options.network.branches == {"audio": "mel_cnn"}
    assert options.corpus.modalities == ("audio",)


def test_what_a_run_keeps_can_be_read_again(file):
    options = read(fusion="gated", augment_crop=0.25, branches={"audio": "crnn"}, seconds=2)
    again = read_options(TrainOptions, file(dataclasses.asdict(options)))
    assert again == options


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[1]", "expected an object of options"),
        ({"patients": 3}, "Unknown option 'patients'; did you mean 'patience'"),
        ({"optimisation": {"los": "mse"}}, "Unknown option 'los'; did you mean 'loss'"),
        ({"augmentation": {"tilt": 1}}, "Unknown option 'tilt'"),
        ({"epochs": "many"}, "`epochs` must be int. Received: 'many'"),
        ({"epochs": True}, "`epochs` must be int. Received: True"),
        ({"label": None}, "`label` must be str. Received: None"),
        ({"fusion": "gatd"}, "`fusion` must be one of .*'gatd'; did you mean 'gated'"),
        ({"cleaning": ["text.scrub"]}, "`cleaning` must be one of .*'text.scrub'"),
        ({"branches": {"audio": "cnnn"}}, "`branches` must be one of .*'cnnn'"),
        ({"modalities": [3]}, "`modalities` must be str. Received: 3"),
        ({"recipe": "bok"}, "`recipe` must be one of .*'bok'; did you mean 'book'"),
        ({"epochs": 0}, "`epochs` must be at least 1. Received: epochs=0"),
        ({"seeds": 0}, "`seeds` must be at least 1"),
        ({"fine_tune": 1}, "`fine_tune` needs a `text_encoder`"),
        ({"recall": 0.9}, "`recall` must be above 0 .*of the class that `positive` names"),
    ],
)
def test_what_does_not_fit(file, content, message):
    with pytest.raises(ValueError, match=message):
        read(file(content))


def test_a_required_field():
    with pytest.raises(ValueError, match="`manifest` is required"):
        read_options(EvaluateOptions, model="run")


def test_a_whole_number_does_for_a_float_and_null_for_nothing(file):
    options = read(file({"learning_rate": 1, "clip_norm": None}))
    assert (options.optimisation.learning_rate, options.optimisation.clip_norm) == (1, None)


def test_nothing_near():
    assert did_you_mean("zzz", ["fusion"]) == ""

import dataclasses
import json

import pytest

from mmfusion.apps import train
from mmfusion.apps.options import from_fields, read_options
from mmfusion.data.augmentation import Augmentation


@dataclasses.dataclass(frozen=True)
class Options:
    out: str
    epochs: int = 3
    modalities: tuple = ()


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "options.json"
        path.write_text(content)
        return path

    return write


def test_nothing_but_flags():
    assert read_options(Options, out="run") == Options("run")


def test_flags_go_before_the_file(file):
    path = file('{"epochs": 5, "modalities": ["audio"]}')
    assert read_options(Options, path, out="run", epochs=None) == Options("run", 5, ("audio",))
    assert read_options(Options, path, out="run", epochs=7) == Options("run", 7, ("audio",))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"epoch": 5}', "'epoch'; the nearest is 'epochs'"),
        ('{"modality": 5}', "'modality'; the nearest is 'modalities'"),
        ("[1]", "expected an object"),
        ('{"epochs": ', "not JSON"),
    ],
)
def test_what_is_wrong_with_a_file(file, content, message):
    with pytest.raises(ValueError, match=message):
        read_options(Options, file(content), out="run")


def test_no_such_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_options(Options, tmp_path / "none.json", out="run")


def test_a_dataclass_within(file):
    path = file(json.dumps({"augmentation": {"flip": 0}}))
    options = read_options(train.Options, path, manifest="m.csv", out="run")
    assert options.augmentation == Augmentation(flip=0)
    with pytest.raises(ValueError, match="'flop'; the nearest is 'flip'"):
        from_fields(train.Options, {"augmentation": {"flop": 0}})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"epochs": "many"}, "`epochs` must be int.*'many'"),
        ({"epochs": 2.5}, "`epochs` must be int.*2.5"),
        ({"rate": "fast"}, "`rate` must be float.*'fast'"),
        ({"modalities": "video"}, "`modalities` must be tuple.*'video'"),
        ({"balance_presence": 1}, "`balance_presence` must be bool.*1"),
        ({"augmentation": {"flip": None}}, "`flip` must be float.*None"),
    ],
)
def test_a_value_of_the_wrong_kind(file, content, message):
    with pytest.raises(ValueError, match=message):
        read_options(train.Options, file(json.dumps(content)), manifest="m.csv", out="run")


def test_values_of_the_right_kind(file):
    path = file('{"seconds": null, "rate": 1, "steps": 4, "balance_presence": false}')
    options = read_options(train.Options, path, manifest="m.csv", out="run")
    assert (options.seconds, options.rate, options.steps) == (None, 1, 4)


def test_the_file_goes_before_the_recipe_and_flags_before_both(file):
    path = file('{"recipe": "book", "batch_size": 8, "optimisation": {"momentum": 0.5}}')
    flags = {"optimisation.schedule": "step", "optimisation.loss": None}
    options = read_options(train.Options, path, manifest="m.csv", out="run", **flags)
    assert (options.batch_size, options.rate) == (8, 0.001)
    how = options.optimisation
    assert (how.optimizer, how.momentum, how.schedule) == ("sgd", 0.5, "step")


def test_an_unknown_recipe():
    with pytest.raises(ValueError, match=r"`recipe` must be one of.*'bok'"):
        read_options(train.Options, manifest="m.csv", out="run", recipe="bok")

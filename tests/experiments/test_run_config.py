import copy
import shutil

import pytest

from mmfusion.experiments.run import read_run
from mmfusion.experiments.run_config import read_config
from mmfusion.files import read_json, write_json


@pytest.fixture(scope="module")
def config(small_run):
    return read_json(small_run / "config.json")


def test_the_config_of_a_run_fits(config, small_run):
    assert read_config(small_run) == config


def changed(config, place, value):
    """A copy with one value in another's place; `...` takes it away."""
    config = copy.deepcopy(config)
    *within, last = place.split(".")
    part = config
    for name in within:
        part = part[name]
    if value is ...:
        del part[last]
    else:
        part[last] = value
    return config


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("parts", ..., r"\['parts'\]. 'parts': Field required"),
        ("corpus.spec", ..., r"'corpus.spec': Field required"),
        ("corpus.spec.steps", "4", r"'corpus.spec.steps': .*integer. Received: '4'"),
        ("corpus.spec.steps", 0, r"'corpus.spec': `steps` must be at least 1"),
        ("corpus.spec.modalities", ["smell"], r"'corpus.spec': `modalities` must be some of"),
        ("classes", [], r"`classes` must be different names. Received: \[\]"),
        ("classes", ["a", "a"], r"`classes` must be different names"),
        ("classes", {"a": 1}, r"'classes': .*Received: {'a': 1}"),
        ("parts.extra", [], r"\['parts.extra.\[key\]'\]"),
        ("parts.train", [1], r"'parts.train.0': .*Received: 1"),
        ("training.seeds", "1", r"'training.seeds': .*Received: '1'"),
        ("training.network.fusion", "fly", r"'training.network.fusion': .*'fly'"),
        ("training.optimisation.epoch", 3, r"'training.optimisation.epoch': Unexpected"),
        ("further\nfield", 3, r"\['further\\nfield'\]"),
    ],
)
def test_what_does_not_fit_is_one_line(config, tmp_path, place, value, message):
    write_json(tmp_path / "config.json", changed(config, place, value))
    with pytest.raises(ValueError, match=message) as caught:
        read_config(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'config.json'}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [[], None, 3, "config"])
def test_what_is_no_object(tmp_path, content):
    write_json(tmp_path / "config.json", content)
    with pytest.raises(ValueError, match=r"config\.json: Input should be an object"):
        read_config(tmp_path)


def test_more_classes_than_outputs_are_refused_by_the_command_too(
    command, config, small_run, tmp_path
):
    run = shutil.copytree(small_run, tmp_path / "run")
    write_json(run / "config.json", changed(config, "classes", [*config["classes"], "another"]))
    message = r"config\.json: `classes` must be the 8 of best\.keras\. Received: .*'another'"
    with pytest.raises(ValueError, match=message):
        read_run(run)
    done = command("export", run, "--out", tmp_path / "out")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith(f"mmfusion: {run / 'config.json'}: `classes`")
    assert "Traceback" not in done.err

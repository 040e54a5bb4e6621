import importlib.metadata
import json

import pytest

from mmfusion.training.run_folder import environment, run_folder


@pytest.mark.parametrize("config", [{}, {"epochs": 3, "fusion": "concat", "naïve": [1, None]}])
def test_writes_config_and_environment(tmp_path, config):
    folder = run_folder(tmp_path / "runs" / "a", config)
    assert json.loads((folder / "config.json").read_text("utf-8")) == config
    lines = dict(
        line.split(" ", 1) for line in (folder / "environment.txt").read_text().splitlines()
    )
    assert lines == environment()
    assert {path.name for path in folder.iterdir()} == {"config.json", "environment.txt"}


def test_environment_tells_the_installed_versions():
    found = environment()
    assert found["tensorflow"] == importlib.metadata.version("tensorflow")
    assert found["python"].startswith("3.")


def test_a_config_that_json_cannot_hold_leaves_nothing(tmp_path):
    with pytest.raises(TypeError):
        run_folder(tmp_path, {"model": object()})
    assert list(tmp_path.iterdir()) == []

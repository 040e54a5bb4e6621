import importlib.metadata
import json
from pathlib import Path

import pytest

from mmfusion.training.run_folder import asked_before, environment, run_folder, worker_folder


@pytest.mark.parametrize("config", [{}, {"epochs": 3, "fusion": "concat", "naïve": [1, None]}])
def test_writes_config_and_environment(tmp_path, config):
    folder = run_folder(tmp_path / "runs" / "a", config)
    assert json.loads((folder / "config.json").read_text("utf-8")) == config
    lines = dict(
        line.split(" ", 1) for line in (folder / "environment.txt").read_text().splitlines()
    )
    assert lines == environment()
    assert {path.name for path in folder.iterdir()} == {"config.json", "environment.txt"}


def test_the_same_is_asked_for_only_where_all_options_are_as_before(tmp_path):
    config = {"epochs": 3, "modalities": ("audio", "video")}
    assert not asked_before(tmp_path, config)
    run_folder(tmp_path, config)
    assert asked_before(tmp_path, config)
    assert not asked_before(tmp_path, {**config, "epochs": 4})
    (tmp_path / "config.json").write_text('{"epochs":')
    assert not asked_before(tmp_path, config)


def test_environment_tells_the_installed_versions():
    found = environment()
    assert found["tensorflow"] == importlib.metadata.version("tensorflow")
    assert found["python"].startswith("3.")


def test_a_config_that_json_cannot_hold_leaves_nothing(tmp_path):
    with pytest.raises(TypeError):
        run_folder(tmp_path, {"model": object()})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("index", "folder"), [(0, "run"), (1, "run/worker-1")])
def test_the_first_worker_has_the_run_itself(monkeypatch, index, folder):
    task = {"type": "worker", "index": index}
    config = {"cluster": {"worker": ["a:1", "b:1"]}, "task": task}
    monkeypatch.setenv("TF_CONFIG", json.dumps(config))
    assert worker_folder("run") == Path(folder)

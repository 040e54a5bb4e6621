import json
from pathlib import Path

import pytest

from mmfusion.training.worker_folder import worker_folder


@pytest.mark.parametrize(("index", "folder"), [(0, "run"), (1, "run/worker-1")])
def test_the_first_worker_has_the_run_itself(monkeypatch, index, folder):
    task = {"type": "worker", "index": index}
    config = {"cluster": {"worker": ["a:1", "b:1"]}, "task": task}
    monkeypatch.setenv("TF_CONFIG", json.dumps(config))
    assert worker_folder("run") == Path(folder)

import json

import pytest

from mmfusion.training.workers import workers

TASK = {"type": "worker", "index": 0}


@pytest.fixture
def cluster(monkeypatch):
    def set_cluster(*addresses, task=TASK):
        config = {"cluster": {"worker": list(addresses)}, "task": task}
        monkeypatch.setenv("TF_CONFIG", json.dumps(config))

    monkeypatch.delenv("TF_CONFIG", raising=False)
    return set_cluster


def test_no_cluster(cluster):
    assert workers() == ([], 0)


def test_a_cluster_of_two(cluster):
    cluster("a:1", "b:2", task={"type": "worker", "index": 1})
    assert workers() == (["a:1", "b:2"], 1)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"cluster": {}}',
        json.dumps({"cluster": {"worker": ["a:1"]}}),
        json.dumps({"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 1}}),
        json.dumps({"cluster": {"worker": ["a:1"]}, "task": {"type": "ps", "index": 0}}),
        json.dumps({"cluster": {"worker": ["a"]}, "task": TASK}),
    ],
)
def test_a_cluster_that_cannot_be_understood(monkeypatch, text):
    monkeypatch.setenv("TF_CONFIG", text)
    with pytest.raises(ValueError, match="TF_CONFIG must be"):
        workers()

import json
import socket

import pytest

from mmfusion.training.strategy import answers, strategy

TASK = {"type": "worker", "index": 0}


@pytest.fixture
def cluster(monkeypatch):
    def set_cluster(*addresses, task=TASK):
        config = {"cluster": {"worker": list(addresses)}, "task": task}
        monkeypatch.setenv("TF_CONFIG", json.dumps(config))

    monkeypatch.delenv("TF_CONFIG", raising=False)
    return set_cluster


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_workers_need_a_cluster(cluster):
    with pytest.raises(ValueError, match="needs TF_CONFIG"):
        strategy("multiworker")


@pytest.mark.parametrize("name", ["auto", "cpu", "mirrored"])
def test_on_this_machine(cluster, name):
    assert strategy(name).num_replicas_in_sync == 1


def test_an_unknown_name(cluster):
    with pytest.raises(ValueError, match=r"`name` must be one of.*'gpu'"):
        strategy("gpu")


def test_no_tpu(cluster):
    with pytest.raises(RuntimeError, match="No TPU can be reached"):
        strategy("tpu")


def test_a_worker_that_nobody_answers_for_is_named_before_time_is_spent(cluster):
    own, other = free_port(), free_port()
    cluster(f"127.0.0.1:{own}", f"127.0.0.1:{other}")
    with pytest.raises(RuntimeError, match=f"1 of 2 workers.*nothing from 127.0.0.1:{other}"):
        strategy("multiworker", wait_s=0.5)


def test_a_port_that_is_taken(cluster):
    with socket.create_server(("", 0)) as server:
        port = server.getsockname()[1]
        cluster(f"127.0.0.1:{port}", "127.0.0.1:1")
        with pytest.raises(RuntimeError, match=f"Port {port} of this worker is taken"):
            strategy("multiworker", wait_s=0.5)


def test_answers():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert answers(f"127.0.0.1:{port}")
    assert not answers(f"127.0.0.1:{port}")

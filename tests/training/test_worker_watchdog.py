"""That it stops a worker is seen in `test_multi_worker.py`; here, that it lets it live."""

import json
import socket
import time

import pytest

from mmfusion.training import worker_watchdog
from mmfusion.training.worker_watchdog import WorkerWatchdog


@pytest.fixture
def ended(monkeypatch):
    codes = []
    monkeypatch.setattr(worker_watchdog.os, "_exit", lambda code: codes.append(code))
    return codes


def watch(monkeypatch, port, seconds):
    cluster = {"worker": ["127.0.0.1:1", f"127.0.0.1:{port}"]}
    config = {"cluster": cluster, "task": {"type": "worker", "index": 0}}
    monkeypatch.setenv("TF_CONFIG", json.dumps(config))
    callback = WorkerWatchdog(every_s=0.02, misses=2)
    callback.set_model(type("Model", (), {"distribute_strategy": None})())
    callback.on_train_begin()
    time.sleep(seconds)
    callback.on_train_end()


def test_a_worker_that_answers_is_no_cause_to_end(monkeypatch, ended):
    with socket.create_server(("127.0.0.1", 0)) as server:
        watch(monkeypatch, server.getsockname()[1], 0.3)
    time.sleep(0.1)  # gone now, but the training is over
    assert ended == []


def test_one_that_does_not_ends_this_process_and_is_named(monkeypatch, ended, caplog):
    monkeypatch.setattr(worker_watchdog.logging, "shutdown", lambda: None)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    watch(monkeypatch, port, 0.5)
    assert ended[0] == 1
    assert f"worker 1 at 127.0.0.1:{port} no longer answers" in caplog.text

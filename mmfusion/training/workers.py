"""The workers of a training across processes, as `TF_CONFIG` names them. Needs no TensorFlow."""

import json
import os
import socket


def workers() -> tuple[list[str], int]:
    """The addresses of all workers and the number of this one, as `TF_CONFIG` names them.

    Returns:
        Tuple of a list of `"host:port"` and an int; `([], 0)` where there is no `TF_CONFIG`.

    Raises:
        ValueError: if `TF_CONFIG` does not name workers and this one's number.
    """
    text = os.environ.get("TF_CONFIG")
    if not text:
        return [], 0
    try:
        config = json.loads(text)
        addresses, task = list(config["cluster"]["worker"]), config["task"]
        if task["type"] == "worker" and addresses[task["index"]]:
            [int(address.rpartition(":")[2]) for address in addresses]
            return addresses, task["index"]
    except (KeyError, IndexError, TypeError, ValueError):
        pass
    raise ValueError(
        'TF_CONFIG must be {"cluster": {"worker": ["host:port", ...]}, '
        f'"task": {{"type": "worker", "index": 0}}}}. Received: {text}'
    )


def answers(address: str, *, timeout_s: float = 1.0) -> bool:
    """Whether somebody listens at `"host:port"`."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=timeout_s):
            return True
    except OSError:
        return False

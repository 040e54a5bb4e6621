"""Where a training runs: on one device, on all of this machine's, on many machines, on a TPU."""

import os
import socket
import time

import tensorflow as tf

from mmfusion.training.multi_worker import mend_fit
from mmfusion.training.workers import answers, workers

NAMES = ("auto", "cpu", "mirrored", "multiworker", "tpu")


def strategy(name: str = "auto", *, wait_s: float = 120.0) -> tf.distribute.Strategy:
    """The `tf.distribute.Strategy` to build and compile a model in.

    Args:
        name: str. `"cpu"`: one processor. `"mirrored"`: all GPUs of this machine, or all its
            logical CPU devices. `"multiworker"`: the processes that `TF_CONFIG` names. `"tpu"`: the
            TPU of this machine or of `TPU_NAME`. `"auto"`: what is there, in the order
            multiworker, tpu, mirrored, one device.
        wait_s: float. How long to wait for the other workers to answer.

    Returns:
        tf.distribute.Strategy.

    Raises:
        ValueError: if the name or `TF_CONFIG` cannot be understood.
        RuntimeError: if a worker does not answer in time, or there is no TPU.

    Example:

    >>> mm.training.strategy("cpu").num_replicas_in_sync
    1
    """
    if name not in NAMES:
        raise ValueError(f"`name` must be one of {NAMES}. Received: {name!r}")
    name = _found() if name == "auto" else name
    if name == "one":
        return tf.distribute.get_strategy()
    if name == "cpu":
        return tf.distribute.OneDeviceStrategy("/cpu:0")
    if name == "mirrored":
        kind = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
        devices = [device.name for device in tf.config.list_logical_devices(kind)]
        return tf.distribute.MirroredStrategy(devices)
    return _tpu() if name == "tpu" else _multi_worker(wait_s)


def _found():
    if len(workers()[0]) > 1:
        return "multiworker"
    if os.environ.get("TPU_NAME"):
        return "tpu"
    return "mirrored" if len(tf.config.list_physical_devices("GPU")) > 1 else "one"


def _tpu():
    try:
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver(os.environ.get("TPU_NAME", ""))
        tf.config.experimental_connect_to_cluster(resolver)
        tf.tpu.experimental.initialize_tpu_system(resolver)
    except Exception as error:  # TensorFlow raises it in many ways
        reason = str(error).splitlines()[0]
        raise RuntimeError(f"No TPU can be reached. Received: {reason}") from error
    return tf.distribute.TPUStrategy(resolver)


def _multi_worker(wait_s):
    addresses, own = workers()
    if not addresses:
        raise ValueError("`multiworker` needs TF_CONFIG, which names all workers. Received: none")
    mend_fit()
    _wait_for_all(addresses, own, wait_s)
    return tf.distribute.MultiWorkerMirroredStrategy()


def _wait_for_all(addresses, own, wait_s):
    """Returns once every worker listens; TensorFlow itself would wait an hour without a word."""
    missing = [address for at, address in enumerate(addresses) if at != own]
    deadline = time.monotonic() + wait_s
    port = int(addresses[own].rpartition(":")[2])
    try:
        listening = socket.create_server(("", port), reuse_port=True)
    except OSError as error:
        raise RuntimeError(f"Port {port} of this worker is taken. Received: {error}") from error
    with listening:
        while missing := [address for address in missing if not answers(address)]:
            if time.monotonic() > deadline:
                raise RuntimeError(
                    f"{len(missing)} of {len(addresses)} workers did not answer within "
                    f"{wait_s:g} s. Received: nothing from {', '.join(missing)}"
                )
            time.sleep(0.1)

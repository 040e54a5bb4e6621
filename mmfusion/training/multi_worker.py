"""`model.fit` across processes: Keras 3 fails under `MultiWorkerMirroredStrategy` in two places.

It reduces a structure of per-replica values as if it were one tensor, and reduces scalars over an
axis that they do not have. The metrics are the same in every process already, so the value at hand
is the one wanted. Tried on the versions in `TRIED`, in `fit` and `evaluate`.
"""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf
from keras.src.backend.tensorflow import trainer

TRIED = ("3.15.",)

_reduce = trainer.reduce_per_replica
_build = trainer.TensorFlowTrainer._maybe_symbolic_build


def mend_fit() -> None:
    """Puts right, in this process, what keeps `fit` from running across processes.

    Raises:
        RuntimeError: for a version of Keras that this was not tried on.
    """
    if not keras.__version__.startswith(TRIED):
        raise RuntimeError(
            f"Training across processes was tried on Keras {', '.join(TRIED)}x only. "
            f"Received: {keras.__version__}. Install one of those"
        )
    trainer.reduce_per_replica = _reduce_across
    trainer.TensorFlowTrainer._maybe_symbolic_build = _build_across


def is_multi_worker(strategy: tf.distribute.Strategy | None) -> bool:
    """Whether a strategy spans several processes."""
    return isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy)


def agreed(number: int, strategy: tf.distribute.Strategy | None) -> int:
    """The lowest of the numbers of the workers of a strategy, one of each.

    Args:
        number: int.
        strategy: tf.distribute.Strategy, or None.

    Returns:
        int; `number` itself where there is but one process.
    """
    if strategy is None or not is_multi_worker(strategy):
        return number
    values = strategy.experimental_distribute_values_from_function(
        lambda context: tf.constant([number])
    )
    return int(tf.reduce_min(strategy.gather(values, axis=0)))


def in_turns(
    function: Callable[[], Any], strategy: tf.distribute.Strategy | None, *, own: int, count: int
) -> Any:
    """Calls a function in one worker after the other, as for a folder that one at a time may write.

    Args:
        function: Function of nothing.
        strategy: tf.distribute.Strategy, or None.
        own: int. The number of this worker.
        count: int. Workers.

    Returns:
        What the function returns in this worker.
    """
    if not is_multi_worker(strategy):
        return function()
    for turn in range(count):
        if turn == own:
            result = function()
        agreed(turn, strategy)  # waits for all
    return result


def by_clip(batches: tf.data.Dataset) -> tf.data.Dataset:
    """Batches that every worker reads in full, to take its own part of each."""
    options = tf.data.Options()
    policy = tf.data.experimental.AutoShardPolicy.DATA
    options.experimental_distribute.auto_shard_policy = policy
    return batches.with_options(options)


def _reduce_across(values, strategy, reduction):
    if not is_multi_worker(strategy) or reduction in ("concat", "sum"):
        return _reduce(values, strategy, reduction)
    return keras.tree.map_structure(lambda value: _local(value, strategy), values)


def _build_across(self, iterator=None, data_batch=None):
    strategy = self._distribute_strategy
    if is_multi_worker(strategy) and iterator is not None:
        for _, _, batches in iterator:
            data_batch = keras.tree.map_structure(
                lambda value: _local(value, strategy), next(batches)
            )
            break
        iterator = None
    return _build(self, iterator=iterator, data_batch=data_batch)


def _local(value, strategy):
    return strategy.experimental_local_results(value)[0]

"""Reading and varying clips in processes of their own, through `tf.data.service`."""

import functools
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from mmfusion.data.augment import augment_clip
from mmfusion.data.augmentation import Augmentation
from mmfusion.data.pipeline import class_numbers
from mmfusion.data.records import Records
from mmfusion.data.tf_example import parse

service = tf.data.experimental.service


def dispatcher(port: int = 0) -> tf.data.experimental.service.DispatchServer:
    """Starts, in this process, the server that hands the shards to the workers.

    Args:
        port: int. 0 for any that is free.

    Returns:
        tf.data.experimental.service.DispatchServer; `target` holds its address, `join()` waits.
    """
    return service.DispatchServer(service.DispatcherConfig(port=port))


def worker(address: str, *, port: int = 0) -> tf.data.experimental.service.WorkerServer:
    """Starts, in this process, a server that reads, parses and varies clips for others.

    Args:
        address: str. `"host:port"` of the dispatcher.
        port: int. 0 for any that is free.

    Returns:
        tf.data.experimental.service.WorkerServer; `join()` waits.
    """
    return service.WorkerServer(service.WorkerConfig(dispatcher_address=address, port=port))


def served_dataset(
    records: Records,
    prep: keras.Model,
    address: str,
    *,
    batch_size: int = 16,
    classes: Sequence[str] | None = None,
    training: bool | Augmentation | None = None,
    seed: int = 0,
) -> tf.data.Dataset:
    """Batches of preprocessed clips that the workers of a `tf.data.service` read.

    Each shard of the records is read by one of the workers, so each clip comes once an epoch; the
    order is that in which they are ready. The Preprocessor runs here.

    Args:
        records: Records, in a folder that every worker can read. Clips without a label are left
            out.
        prep: keras.Model. The Preprocessor.
        address: str. `"host:port"` of the dispatcher.
        batch_size: int. Clips B of a batch; the last one may be smaller.
        classes: sequence of str. The order of the class numbers; the sorted labels by default.
        training: bool or Augmentation. Shuffle, and vary clips by this or the default Augmentation.
        seed: int.

    Returns:
        tf.data.Dataset of `(x, y)`, as `mm.data.dataset` returns.

    Raises:
        ValueError: if no clip has a label, or a label is not among `classes`.
    """
    (targets,) = class_numbers(records, classes or records.classes, None)
    settings = Augmentation() if training is True else training
    clips = _by_shard(records, targets)
    if settings:
        clips = clips.map(functools.partial(_vary, spec=records.spec, settings=settings, seed=seed))
    once = service.distribute(service.ShardingPolicy.DYNAMIC, f"grpc://{address}")
    clips = clips.map(lambda clip, target, number: (clip, target)).apply(once)
    count = int((targets >= 0).sum())
    clips = clips.apply(tf.data.experimental.assert_cardinality(count))
    if settings:
        clips = clips.shuffle(min(count, 8 * batch_size), seed=seed)
    batches = clips.batch(batch_size)
    return batches.map(lambda x, y: (prep(x, training=False), y)).prefetch(tf.data.AUTOTUNE)


def _by_shard(records, targets):
    """Labelled clips with their class number and their place, shard by shard.

    The shards are the one thing that is split between the workers: what is zipped stays together.
    """
    paths = tf.constant(records.paths)
    ends = np.cumsum([0, *(shard["count"] for shard in records.shards)])
    starts, targets = tf.constant(ends[:-1], tf.int64), tf.constant(targets)

    def shard(number):
        serialised = tf.data.TFRecordDataset(paths[number])
        return tf.data.Dataset.zip(serialised, tf.data.Dataset.counter(starts[number]))

    clips = tf.data.Dataset.range(len(records.shards)).flat_map(shard)
    clips = clips.filter(lambda _, place: targets[place] >= 0)
    return clips.map(
        lambda text, place: (parse(text, records.spec), targets[place], place),
        num_parallel_calls=tf.data.AUTOTUNE,
    )


def _vary(clip, target, place, *, spec, settings, seed):
    epoch = tf.random.uniform((), maxval=2**31, dtype=tf.int64)
    return augment_clip(clip, spec, settings, seed + place + epoch), target, place

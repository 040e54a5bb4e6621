"""Records to batches, natively in `tf.data`: read, cache, shuffle, augment, batch, preprocess."""

import functools
from collections.abc import Mapping, Sequence

import keras
import numpy as np
import tensorflow as tf

from mmfusion.data.augment import augment_batch, augment_clip
from mmfusion.data.augment_arrays import augment_arrays
from mmfusion.data.augmentation import Augmentation
from mmfusion.data.groups import batch_groups
from mmfusion.data.preprocessor import preprocess
from mmfusion.data.records import Records, group_of
from mmfusion.data.tf_example import parse
from mmfusion.specs import MASK_SUFFIX

CACHE_BYTES = 4 * 2**30


def dataset(
    records: Records,
    prep: keras.Model | None,
    *,
    batch_size: int = 16,
    classes: Sequence[str] | None = None,
    weights: Mapping[str, float] | None = None,
    training: bool | Augmentation | None = None,
    seed: int = 0,
) -> tf.data.Dataset:
    """Batches of preprocessed clips.

    Without `training` the order is that of the records. With it, clips are shuffled anew in each
    epoch and varied; the same seed makes the same batches. What was read stays in memory where
    4 GiB hold it; where they do not, the shuffle buffer holds as many clips as fit.

    Args:
        records: Records. Clips without a label are left out; its `extra` arrays are read as well.
        prep: keras.Model. The Preprocessor, or `None` for aligned batches as exports take them.
        batch_size: int. Clips B of a batch; the last one may be smaller.
        classes: sequence of str. The order of the class numbers; the sorted labels by default.
        weights: dict of clip id to float, the sample weights, or `None`.
        training: bool or Augmentation. Shuffle, and vary clips by this or the default Augmentation.
        seed: int.

    Returns:
        tf.data.Dataset of `(x, y)` or `(x, y, weight)`: `x` as `spec.ready_shapes` with masks, `y`
        int32 `(B,)`, `weight` float32 `(B,)`. Of records in groups a batch holds whole groups.

    Raises:
        ValueError: if no clip has a label, or a label is not among `classes`.
    """
    settings = Augmentation() if training is True else training
    numbers = class_numbers(records, classes or records.classes, weights)
    clips = _aligned(records, numbers)
    held = min(len(records), _clips_in(CACHE_BYTES, records))
    if held == len(records):
        clips = clips.cache()
    if settings:
        clips = clips if records.grouped else clips.shuffle(held, seed=seed)
        vary = functools.partial(_vary_clip, spec=records.spec, settings=settings)
        clips = _map(_with_seeds(clips, seed), vary)
    if records.grouped:
        kept = zip(records.clips, numbers[0], strict=True)
        groups = [group_of(row) for row, number in kept if number >= 0]
        batches = batch_groups(
            clips, groups, batch_size=batch_size, seed=seed if settings else None
        )
    else:
        batches = clips.batch(batch_size)
    if prep is not None:
        computed = records.extra.keys() & {*records.spec.modalities}
        batches = _map(batches, preprocess(prep, records.extra, computed=computed))
    if settings:
        vary = functools.partial(
            _vary_batch, settings=settings, graph_seed=seed, extra=records.extra
        )
        batches = _with_seeds(batches, seed + 1).map(vary)
    return batches.prefetch(tf.data.AUTOTUNE)


def _clips_in(size_bytes, records):
    """How many clips of these records so much memory holds, at least one."""
    total = sum(shard["bytes"] for shard in records.shards)
    return max(1, size_bytes * len(records.clips) // total)


def class_numbers(
    records: Records, classes: Sequence[str], weights: Mapping[str, float] | None
) -> tuple[np.ndarray, ...]:
    """Class number of each record, -1 for one to leave out, and the weight of each if asked."""
    number = {name: at for at, name in enumerate(classes)}
    chosen = records.chosen or [True] * len(records.clips)
    targets = np.full(len(records.clips), -1, np.int32)
    for at, row in enumerate(records.clips):
        if chosen[at] and row["label"] is not None:
            if row["label"] not in number:
                raise ValueError(
                    f"Clip {row['id']!r}: `label` must be one of {list(classes)}. "
                    f"Received: {row['label']!r}"
                )
            targets[at] = number[row["label"]]
    if not (targets >= 0).any():
        raise ValueError(f"No clip with a label to read. Received: {len(records)} clips")
    if weights is None:
        return (targets,)
    return targets, np.array([weights.get(row["id"], 0) for row in records.clips], np.float32)


def _aligned(records, targets):
    """Records in order as `(clip, class number, ...)`; what has no class is not even parsed."""
    serialised = tf.data.TFRecordDataset(records.paths)
    columns = [
        tf.data.Dataset.from_tensor_slices(each) for each in (records.extra, *targets) if len(each)
    ]
    beside = tf.data.Dataset.zip(serialised, *columns)
    if not records.extra:
        beside = beside.map(lambda text, *rest: (text, {}, *rest))
    pairs = beside.filter(lambda text, more, target, *rest: target >= 0)
    count = int((targets[0] >= 0).sum())
    pairs = pairs.apply(tf.data.experimental.assert_cardinality(count))
    read = functools.partial(parse, spec=records.spec, without=records.extra)
    return _map(pairs, lambda text, more, *rest: (read(text) | more, *rest))


def _with_seeds(elements, seed):
    """Puts a fresh random number before each element, the same ones for the same seed."""
    numbers = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True)
    return tf.data.Dataset.zip(numbers, elements)


def _vary_clip(seed, element, *, spec, settings):
    clip, *rest = element
    return augment_clip(clip, spec, settings, seed), *rest


def _vary_batch(seed, element, *, settings, graph_seed, extra):
    tf.random.set_seed(graph_seed)  # of this traced graph alone: tensorflow-io draws from it
    batch, *rest = element
    batch = augment_batch(batch, settings, seed)
    features = {name: batch[name] for name in extra if name in batch and _is_feature(name, extra)}
    return batch | (augment_arrays(features, settings, seed) if features else {}), *rest


def _is_feature(name, extra):
    """Whether an array is a modality of its own, or the mask of one."""
    return name.removesuffix(MASK_SUFFIX) + MASK_SUFFIX in extra


def _map(elements, function):
    return elements.map(function, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)

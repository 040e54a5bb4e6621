"""Rows of arrays to batches in `tf.data`: whole clips, or sequences padded to one length."""

import functools
from collections.abc import Mapping, Sequence

import keras
import numpy as np
import tensorflow as tf

from mmfusion.data.arrays import Arrays
from mmfusion.data.augment_arrays import augment_arrays, drop_array_modalities
from mmfusion.data.augmentation import Augmentation
from mmfusion.data.preprocessor import preprocess


def array_dataset(
    arrays: Arrays,
    prep: keras.Model | None,
    *,
    batch_size: int = 16,
    classes: Sequence[str] | None = None,
    weights: Mapping[str, float] | None = None,
    training: bool | Augmentation | None = None,
    seed: int = 0,
) -> tf.data.Dataset:
    """Batches of preprocessed rows, or of preprocessed sequences of rows.

    Without `training` the order is that of the rows. With it, they are shuffled anew in each epoch
    and varied; the same seed makes the same batches.

    Args:
        arrays: Arrays.
        prep: keras.Model. The Preprocessor, or `None` for arrays as exports take them. What it adds
            to its inputs is computed only where the arrays do not hold it already, as after
            `encode_sentences`.
        batch_size: int. Clips or sequences B of a batch; the last one may be smaller.
        classes: sequence of str. The order of the class numbers; those that occur by default.
        weights: dict of row id to float, the sample weights, or `None`; 0 for rows that it lacks.
        training: bool or Augmentation. Shuffle, and vary by this or the default one.
        seed: int.

    Returns:
        tf.data.Dataset of `(x, y)` or `(x, y, weight)`, `y` int32 `(B,)`. Of sequences always
        `(x, y, weight)`, `y` int32 `(B, T)` and `weight` float32 `(B, T)`, 0 behind the end of
        one.

    Raises:
        ValueError: if there is no row, or a label is not among `classes`.
    """
    targets = [_targets(arrays, classes or arrays.classes)]
    if weights is not None:
        targets.append(np.array([weights.get(row.id, 0) for row in arrays.clips], np.float32))
    settings = Augmentation() if training is True else training
    examples = _sequences(arrays, targets) if arrays.ordered else _clips(arrays, targets)
    if settings:
        examples = examples.shuffle(len(examples), seed=seed)
    batches = examples.padded_batch(batch_size) if arrays.ordered else examples.batch(batch_size)
    if prep is not None:
        batches = batches.map(preprocess(prep, arrays.tensors))
    if settings:
        numbers = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True)
        vary = functools.partial(_vary, settings=settings)
        batches = tf.data.Dataset.zip(numbers, batches).map(vary)
    return batches.prefetch(tf.data.AUTOTUNE)


def _targets(arrays, classes):
    number = {name: at for at, name in enumerate(classes)}
    if not len(arrays):
        raise ValueError(f"{arrays.path}: no row to read")
    for row in arrays.clips:
        if row.label not in number:
            raise ValueError(
                f"{arrays.path}, row {row.id!r}: `label` must be one of {list(classes)}. "
                f"Received: {row.label!r}"
            )
    return np.array([number[row.label] for row in arrays.clips], np.int32)


def _clips(arrays, targets):
    return tf.data.Dataset.from_tensor_slices((arrays.tensors, *targets))


def _sequences(arrays, targets):
    """Each group as `(x, y, weight)`, its steps having weight 1 where no other is given."""
    lengths = arrays.lengths
    starts = np.cumsum(lengths) - lengths
    rows = {name: tf.constant(array) for name, array in arrays.tensors.items()}
    labels, *weights = map(tf.constant, targets)
    weights = weights[0] if weights else tf.ones(labels.shape)

    def cut(start, length):
        x = {name: array[start : start + length] for name, array in rows.items()}
        return x, labels[start : start + length], weights[start : start + length]

    spans = tf.data.Dataset.from_tensor_slices((starts, lengths))
    return spans.map(cut)


def _vary(seed, batch, *, settings):
    x, *rest = batch
    x = augment_arrays(x, settings, seed)
    return drop_array_modalities(x, settings.modality_dropout, seed), *rest

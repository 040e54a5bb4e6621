"""Rows of arrays to batches in `tf.data`: whole clips, or sequences padded to one length."""

import functools

import keras
import numpy as np
import tensorflow as tf

from mmfusion.data.augment_arrays import augment_arrays
from mmfusion.data.augmentation import FeatureAugmentation


def array_dataset(arrays, prep, *, batch_size=16, classes=None, training=None, seed=0):
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
        training: bool or FeatureAugmentation. Shuffle, and vary by this or the default one.
        seed: int.

    Returns:
        tf.data.Dataset of `(x, y)`, `y` int32 `(B,)`. Of sequences `(x, y, weight)`, `y` int32
        `(B, T)` and `weight` float32 `(B, T)`, 0 behind the end of a sequence.

    Raises:
        ValueError: if there is no row, or a label is not among `classes`.
    """
    targets = _targets(arrays, classes or arrays.classes)
    settings = FeatureAugmentation() if training is True else training
    examples = _sequences(arrays, targets) if arrays.ordered else _clips(arrays, targets)
    if settings:
        examples = examples.shuffle(len(examples), seed=seed)
    batches = examples.padded_batch(batch_size) if arrays.ordered else examples.batch(batch_size)
    if prep is not None:
        made = _lacking(prep, arrays.tensors)
        batches = batches.map(functools.partial(_ready, prep=made, names=list(prep.output)))
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
    return tf.data.Dataset.from_tensor_slices((arrays.tensors, targets))


def _sequences(arrays, targets):
    """Each group as `(x, y, weight)`, all of its steps having weight 1."""
    lengths = arrays.lengths
    starts = np.cumsum(lengths) - lengths
    rows = {name: tf.constant(array) for name, array in arrays.tensors.items()}
    targets = tf.constant(targets)

    def cut(start, length):
        x = {name: array[start : start + length] for name, array in rows.items()}
        return x, targets[start : start + length], tf.ones((length,))

    spans = tf.data.Dataset.from_tensor_slices((starts, lengths))
    return spans.map(cut)


def _lacking(prep, tensors):
    """The Preprocessor without the outputs that are there already."""
    wanted = {
        name: tensor
        for name, tensor in prep.output.items()
        if name in prep.input or name not in tensors
    }
    return keras.Model(prep.input, wanted)


def _ready(x, *rest, prep, names):
    """A batch as the Preprocessor makes it; what is there already is ready as it is."""
    ready = x | prep({name: x[name] for name in prep.input}, training=False)
    return {name: ready[name] for name in names}, *rest


def _vary(seed, batch, *, settings):
    x, *rest = batch
    return augment_arrays(x, settings, seed), *rest

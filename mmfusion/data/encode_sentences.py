"""Vectors of whole texts beside the words of arrays or of records, each encoded once."""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf

from mmfusion.data.arrays import Arrays
from mmfusion.data.records import Records
from mmfusion.data.tf_example import parse
from mmfusion.specs import MASK_SUFFIX, SENTENCES_SUFFIX


def encode_sentences(arrays: Arrays, encoder: Callable[[Sequence[str]], np.ndarray]) -> Arrays:
    """The rows with a vector for each of their texts, `<name>_sentences` beside the words `<name>`.

    A large encoder then reads every text once, not once in every epoch and fold.

    Args:
        arrays: Arrays.
        encoder: function of a sequence of N str to vectors `(N, D)`, as a `BertEncoder`.

    Returns:
        Arrays. Where a text is absent its vector is 0.

    Raises:
        ValueError: naming the file, if it holds no words, or such vectors of its own.
    """
    words = [name for name in arrays.modalities if arrays.tensors[name].dtype.kind == "U"]
    if not words:
        raise ValueError(f"{arrays.path}: no array of words to read. Received: {arrays.modalities}")
    tensors = dict(arrays.tensors)
    for name in words:
        texts, mask, added = tensors[name], tensors[name + MASK_SUFFIX], name + SENTENCES_SUFFIX
        if added in tensors:
            raise ValueError(f"{arrays.path}: {added!r} is there already, beside {name!r}")
        found = encoder(texts[mask])
        tensors[added] = np.zeros((*texts.shape, found.shape[-1]), np.float32)
        tensors[added][mask] = found
    return dataclasses.replace(arrays, tensors=tensors)


def encode_record_sentences(
    records: Records, encoder: Callable[[Sequence[str]], np.ndarray]
) -> np.ndarray:
    """Vectors of the words of every step of prepared clips.

    Args:
        records: Records with the modality `text`.
        encoder: function of a sequence of N str to vectors `(N, D)`, as a `BertEncoder`.

    Returns:
        float32 array `(N, T, D)`, a row for each record; 0 where a step has no words.
    """
    spec = dataclasses.replace(records.spec, modalities=("text",))
    read = tf.data.TFRecordDataset(records.paths).map(lambda text: parse(text, spec))
    clips = list(read.as_numpy_iterator())
    texts = np.array([clip["text"] for clip in clips], object)  # (N, T) of bytes
    mask = np.array([clip["text" + MASK_SUFFIX] for clip in clips], bool)
    found = encoder([text.decode() for text in texts[mask]])
    vectors = np.zeros((*texts.shape, found.shape[-1]), np.float32)
    vectors[mask] = found
    return vectors

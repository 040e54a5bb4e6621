"""One aligned clip as a `tf.train.Example`: raw bytes of each tensor, parsed natively."""

from collections.abc import Collection, Mapping

import numpy as np
import tensorflow as tf

from mmfusion.specs import MASK_SUFFIX, ClipSpec


def serialise(tensors: Mapping[str, np.ndarray]) -> bytes:
    """Serialises an aligned clip.

    Args:
        tensors: Dict of arrays as `prepare_clip` returns them.

    Returns:
        bytes of a `tf.train.Example`: frames, samples and masks as raw bytes, text as UTF-8.
    """
    example = tf.train.Example()
    for name, tensor in tensors.items():
        values = (
            [text.encode(errors="replace") for text in tensor]
            if name == "text"
            else [tensor.tobytes()]
        )
        example.features.feature[name].bytes_list.value.extend(values)
    return example.SerializeToString(deterministic=True)


def parse(
    serialised: tf.Tensor, spec: ClipSpec, *, without: Collection[str] = ()
) -> dict[str, tf.Tensor]:
    """Parses what `serialise` wrote, inside a graph.

    Args:
        serialised: Scalar string tensor.
        spec: ClipSpec.
        without: Collection of modalities of which only the mask is read.

    Returns:
        Dict of tensors with the shapes of `spec.aligned_shapes` and their masks `(T,)`.
    """
    shapes = {name: shape for name, shape in spec.aligned_shapes.items() if name not in without}
    masks = [name + MASK_SUFFIX for name in spec.aligned_shapes]
    features = {name: tf.io.FixedLenFeature([], tf.string) for name in shapes}
    if "text" in shapes:
        features["text"] = tf.io.FixedLenFeature(shapes["text"], tf.string)
    features |= {name: tf.io.FixedLenFeature([], tf.string) for name in masks}
    raw = tf.io.parse_single_example(serialised, features)
    types = {"audio": tf.float32, "video": tf.uint8}
    tensors = {}
    for name, shape in shapes.items():
        value = raw[name]
        if name in types:
            value = tf.reshape(tf.io.decode_raw(value, types[name]), shape)
        tensors[name] = value
    for name in masks:
        tensors[name] = tf.reshape(tf.io.decode_raw(raw[name], tf.bool), (spec.steps,))
    return tensors

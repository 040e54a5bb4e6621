"""Arrays of a caller as the whole set of tensors that a signature takes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from mmfusion.specs import MASK_SUFFIX, SEQUENCE


def completed(aligned: Mapping[str, np.ndarray], inputs: Mapping[str, Any]) -> dict[str, tf.Tensor]:
    """Makes a tensor of every input: zeros and False masks for what is absent.

    Args:
        aligned: dict of arrays, all with the same batch dimension B. A modality that is left out is
            absent; one without its mask is there in every step.
        inputs: dict of name to `{"dtype", "shape"}`, as in the card.

    Returns:
        dict of tensors, one for each of `inputs`.

    Raises:
        ValueError: if an array is unknown, has the wrong shape or dtype, or holds NaN or infinite
            numbers in a step that its mask calls present. In other steps they become zeros.
    """
    unknown = sorted(set(aligned) - set(inputs))
    if unknown or not aligned:
        raise ValueError(
            f"`aligned` must hold some of {sorted(inputs)}. Received: {sorted(aligned)}"
        )
    tensors = {name: _tensor(name, value, inputs[name]) for name, value in aligned.items()}
    sizes = {name: len(tensor) for name, tensor in tensors.items()}
    if len(set(sizes.values())) > 1:
        raise ValueError(f"All arrays must have the same batch dimension. Received: {sizes}")
    size = next(iter(sizes.values()))
    steps = {name: tensor.shape[1] for name, tensor in tensors.items() if tensor.ndim > 1}
    for name in sorted(set(inputs) - set(tensors)):
        if name == SEQUENCE:
            tensors[name] = tf.range(size)  # each row alone
            continue
        modality = name.removesuffix(MASK_SUFFIX)
        free = steps.get(modality) or max(steps.values())  # of sequences of any length
        shape = (size, *(free if axis is None else axis for axis in inputs[name]["shape"][1:]))
        is_present = name.endswith(MASK_SUFFIX) and modality in aligned
        tensors[name] = (tf.ones if is_present else tf.zeros)(shape, inputs[name]["dtype"])
    for name in aligned:
        tensors[name] = _finite(name, tensors[name], tensors.get(f"{name}{MASK_SUFFIX}"))
    return tensors


def _tensor(name, value, wanted):
    try:
        with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused below
            tensor = tf.constant(value, wanted["dtype"])
        tensor.shape.assert_is_compatible_with(wanted["shape"])
    except (TypeError, ValueError) as error:
        received = f"{np.asarray(value).dtype} {np.shape(value)}"
        raise ValueError(
            f"`{name}` must be {wanted['dtype']} {tuple(wanted['shape'])}. Received: {received}"
        ) from error
    return tensor


def _finite(name, tensor, mask):
    """The tensor with zeros for numbers that are not finite, which only absent steps may hold."""
    if not tensor.dtype.is_floating:
        return tensor
    wrong = ~tf.math.is_finite(tensor)  # (B, T, ...)
    present = (
        True if mask is None else tf.reshape(mask, (*mask.shape, *[1] * (wrong.ndim - mask.ndim)))
    )
    rows = tf.unique(tf.where(wrong & present)[:, 0])[0].numpy().tolist()
    if rows:
        raise ValueError(
            f"`{name}` must be finite wherever it is present. "
            f"Received: NaN or infinity in row {rows[0]} ({len(rows)} of {len(tensor)} rows)"
        )
    return tf.where(wrong, tf.zeros_like(tensor), tensor)

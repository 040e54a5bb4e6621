"""What a mask allows to be read: nothing here depends on what stands behind a False."""

import math
from collections.abc import Mapping

import keras
from keras import ops


def keep(inputs: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
    """The inputs where the mask is true and 0 elsewhere, for values and for gradients.

    Multiplying by the mask would not do: `nan * 0` is `nan`.

    Args:
        inputs: tensor whose leading axes are those of `mask`.
        mask: bool tensor, e.g. `(B, T)`.

    Example:

    >>> mm.ops.masks.keep(np.array([[1.0, np.nan]]), np.array([[True, False]])).numpy()
    array([[1., 0.]])
    """
    trailing = inputs.shape[len(mask.shape) :]
    if None in trailing:
        return ops.where(mask[(..., *[None] * len(trailing))], inputs, 0)
    flat = ops.reshape(inputs, (-1, math.prod(trailing)))  # matrices broadcast three times as fast
    return ops.reshape(ops.where(ops.reshape(mask, (-1, 1)), flat, 0), ops.shape(inputs))


def masked_mean(inputs: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
    """Mean over the valid steps, `(B, T, D)` to `(B, D)`; 0 where there is none."""
    count = ops.sum(ops.cast(mask, inputs.dtype), axis=1)[:, None]  # (B, 1)
    return ops.sum(keep(inputs, mask), axis=1) / ops.maximum(count, 1)


def masked_max(inputs: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
    """Greatest over the valid steps, `(B, T, D)` to `(B, D)`; 0 where there is none."""
    lowest = ops.where(mask[..., None], inputs, -6e4)  # fits float16
    return keep(ops.max(lowest, axis=1), any_step(mask))


def masked_soft_max(inputs: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
    """Mean over the valid steps, each weighed by the softmax of the feature itself.

    It lies between the mean and the greatest: what shows at one step of many is not averaged
    away, and yet all steps learn.

    Args:
        inputs: float tensor of shape `(B, T, D)`.
        mask: bool tensor of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, D)`; 0 where no step is valid.

    Example:

    >>> heard = np.array([[[0.0], [np.log(3.0)], [np.nan]]])
    >>> mm.ops.masks.masked_soft_max(heard, np.array([[True, True, False]])).numpy().round(3)
    array([[0.824]])

    Reference:
        [McFee et al., 2018](https://arxiv.org/abs/1804.10070)
    """
    if inputs.shape[1] == 1:  # Keras warns of a softmax over one
        return keep(inputs, mask)[:, 0]
    lowest = ops.where(mask[..., None], inputs, -3e4)  # fits float16
    weights = ops.softmax(lowest, axis=1)  # (B, T, D), 0 where another step is valid
    return keep(ops.sum(weights * lowest, axis=1), any_step(mask))


def masked_softmax(logits: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
    """Softmax over the last axis among what is valid; 0 elsewhere, and all 0 where nothing is."""
    logits = ops.where(mask, logits, -3e4)  # fits float16
    weights = ops.where(mask, ops.exp(logits - ops.max(logits, axis=-1, keepdims=True)), 0)
    return weights / ops.maximum(ops.sum(weights, axis=-1, keepdims=True), 1)  # the greatest is 1


def any_step(mask: keras.KerasTensor) -> keras.KerasTensor:
    """Whether a modality is present at all, bool `(B, T)` to `(B,)`."""
    return ops.any(mask, axis=1)


def any_modality(masks: Mapping[str, keras.KerasTensor]) -> keras.KerasTensor:
    """The steps where some modality is present: dict of bool `(B, T)` to bool `(B, T)`."""
    return ops.any(ops.stack([masks[name] for name in sorted(masks)]), axis=0)

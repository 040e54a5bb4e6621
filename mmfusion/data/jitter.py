"""Temporal jitter: a clip that begins a few steps earlier or later, all modalities together."""

import tensorflow as tf

from mmfusion.data.example import MASK_SUFFIX


def jitter(clip, most, seed):
    """Moves all modalities of an aligned clip by the same number of steps.

    Args:
        clip: dict of tensors by modality `(T, ...)` and their masks `(T,)`.
        most: int. Steps to either side at most.
        seed: int64 tensor `(2,)`. Same seed, same result.

    Returns:
        Dict like `clip`. Steps that come in from outside are absent: zeros or "", masks False.
    """
    shift = tf.random.stateless_uniform((), seed, -most, most + 1, tf.int32)
    names = [name for name in clip if name + MASK_SUFFIX in clip]
    steps = clip[names[0] + MASK_SUFFIX].shape[0]
    at = tf.range(steps) - shift  # (T,)
    inside = (at >= 0) & (at < steps)
    at = tf.clip_by_value(at, 0, steps - 1)
    moved = dict(clip)
    for name in names:
        mask = inside & tf.gather(clip[name + MASK_SUFFIX], at)
        content = tf.gather(clip[name], at)
        shape = (steps, *(1,) * (len(content.shape) - 1))
        moved[name] = tf.where(tf.reshape(inside, shape), content, tf.zeros_like(content))
        moved[name + MASK_SUFFIX] = mask
    return moved

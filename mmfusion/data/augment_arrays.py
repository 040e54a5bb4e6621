"""Random variation of preprocessed batches of arrays, with masks kept true."""

from collections.abc import Mapping

import tensorflow as tf

from mmfusion.data.augmentation import Augmentation
from mmfusion.specs import MASK_SUFFIX

KNOTS = 4  # changes of speed within a clip


def augment_arrays(
    batch: Mapping[str, tf.Tensor], settings: Augmentation, seed: tf.Tensor
) -> dict[str, tf.Tensor]:
    """Varies a preprocessed batch.

    Args:
        batch: dict of tensors `(B, T, ...)` by modality and their masks `(B, T)`.
        settings: Augmentation.
        seed: int64 scalar tensor. Same seed, same result.

    Returns:
        Dict like `batch`.
    """
    names = sorted(name for name in batch if name + MASK_SUFFIX in batch)
    size = tf.shape(batch[names[0]])[0]
    pace = settings.warp * tf.random.stateless_uniform((size, KNOTS), tf.stack([seed, 0]), -1, 1)
    sequences = batch[names[0]].shape[1] is None
    varied = dict(batch)
    for at, name in enumerate(names, start=3):
        x, mask = batch[name], batch[name + MASK_SUFFIX]
        if x.dtype.is_floating and x.shape.rank == 3:
            noise = _row_noise(x, mask, settings) if sequences else settings.feature_noise
            x = _disturbed(x, mask, settings.feature_gain, noise, tf.stack([seed, at]))
        if settings.image_shift and x.dtype.is_floating and x.shape.rank == 5:
            x = _shifted(x, settings.image_shift, tf.stack([seed, at]))
        if settings.warp and not sequences and x.shape[1] > 1:
            x, mask = _warped(x, mask, pace)
        varied |= {name: x, name + MASK_SUFFIX: mask}
    return varied


def drop_array_modalities(
    batch: Mapping[str, tf.Tensor], rate: float, seed: tf.Tensor
) -> dict[str, tf.Tensor]:
    """Takes whole modalities of a batch away at random, never the last one of a row.

    Args:
        batch: dict of tensors `(B, T, ...)` by modality and their masks `(B, T)`.
        rate: float. Chance of each modality that is present; of sequences a third of it.
        seed: int64 scalar tensor. Same seed, same result.

    Returns:
        Dict like `batch`.
    """
    names = sorted(name for name in batch if name + MASK_SUFFIX in batch)
    rate = rate / 3 if batch[names[0]].shape[1] is None else rate
    return _dropped(batch, names, rate, tf.stack([seed, 2]))


def _row_noise(x, mask, settings):
    """Standard deviation of the noise of each feature of rows `(B, T, D)`, `(D,)`."""
    std = tf.math.reduce_std(tf.boolean_mask(x, mask), axis=0)
    return settings.sequence_noise * x.shape[2] ** 0.5 * std


def _disturbed(x, mask, gain, noise, seed):
    """Numbers `(B, T, D)`, each feature of a clip a little greater or smaller, and noisy."""
    shape = tf.shape(x)
    gain = tf.random.stateless_normal((shape[0], 1, shape[2]), seed, 1.0, gain)
    noise = tf.random.stateless_normal(shape, seed + 1, 0.0, noise)
    return tf.where(mask[..., None], x * gain + noise, 0)


def _shifted(x, most, seed):
    """Images `(B, T, H, W, C)`, all of a clip moved alike; what is at the border is repeated."""
    draw = tf.random.stateless_uniform((2, tf.shape(x)[0], 1), seed, -most, most)
    for axis in (2, 3):
        size = x.shape[axis]
        moved = tf.cast(tf.round(draw[axis - 2] * size), tf.int32)  # (B, 1)
        at = tf.clip_by_value(tf.range(size)[None] + moved, 0, size - 1)  # (B, H) or (B, W)
        x = tf.gather(x, at, axis=axis, batch_dims=1)
    return x


def _warped(x, mask, pace):
    """Clips `(B, T, ...)`, played now faster, now slower, from their first step to their last."""
    steps = x.shape[1]
    speed = 1 + tf.repeat(pace, -(-steps // KNOTS), axis=1)[:, : steps - 1]  # (B, T - 1)
    at = tf.pad(tf.cumsum(speed, axis=1), [[0, 0], [1, 0]])  # (B, T)
    at *= (steps - 1) / tf.maximum(at[:, -1:], 1e-6)
    before = tf.minimum(tf.cast(at, tf.int32), steps - 1)
    after = tf.minimum(before + 1, steps - 1)
    nearest = tf.minimum(tf.cast(tf.round(at), tf.int32), steps - 1)
    if not x.dtype.is_floating or x.shape.rank > 3:  # words and images are not mixed
        return tf.gather(x, nearest, batch_dims=1), tf.gather(mask, nearest, batch_dims=1)
    share = (at - tf.cast(before, tf.float32))[..., None]
    x = tf.gather(x, before, batch_dims=1) * (1 - share) + tf.gather(x, after, batch_dims=1) * share
    mask = tf.gather(mask, before, batch_dims=1) & tf.gather(mask, after, batch_dims=1)
    return tf.where(mask[..., None], x, 0), mask


def _dropped(batch, names, rate, seed):
    """A batch without whole modalities, never without the last one of a clip."""
    masks = [batch[name + MASK_SUFFIX] for name in names]
    present = tf.stack([tf.reduce_any(mask, axis=1) for mask in masks], axis=1)  # (B, M)
    draw = tf.where(present, tf.random.stateless_uniform(tf.shape(present), seed), -1.0)
    keep = (draw >= rate) | (draw == tf.reduce_max(draw, axis=1, keepdims=True))
    kept = dict(batch)
    for at, name in enumerate(names):
        for key in (name, name + MASK_SUFFIX):
            x = batch[key]
            seen = tf.reshape(keep[:, at], (-1, *[1] * (x.shape.rank - 1)))
            kept[key] = tf.where(seen, x, tf.zeros_like(x))
    return kept

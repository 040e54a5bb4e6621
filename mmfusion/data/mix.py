"""Mixtures of training clips: mixup and CutMix, with labels as shares of classes."""

from collections.abc import Callable, Mapping

import tensorflow as tf

from mmfusion.specs import MASK_SUFFIX


def one_hot(batches: tf.data.Dataset, classes: int) -> tf.data.Dataset:
    """Batches whose class numbers `(B,)` are shares `(B, K)`.

    Args:
        batches: tf.data.Dataset of `(x, y)` or `(x, y, weight)`.
        classes: int. K.

    Returns:
        tf.data.Dataset.
    """
    return batches.map(lambda x, y, *weight: (x, tf.one_hot(y, classes), *weight))


def mixed(
    batches: tf.data.Dataset, classes: int, mix: Callable, *, alpha: float = 0.2, seed: int = 0
) -> tf.data.Dataset:
    """Batches in which each clip is mixed with the one before it; the shuffle makes that random.

    Args:
        batches: tf.data.Dataset of `(x, y)` or `(x, y, weight)`, `x` preprocessed.
        classes: int. K.
        mix: Function of `x`, the other `x`, the share of the other and a seed: `mixup` or `cutmix`.
        alpha: float. Of the Beta distribution of the share: small, and most clips stay as they are.
        seed: int. Same seed, same mixtures.

    Returns:
        tf.data.Dataset of `(x, y)` or `(x, y, weight)` with `y` float32 `(B, K)`.

    Raises:
        ValueError: if `alpha` is not positive.
    """
    if not alpha > 0:
        raise ValueError(f"`alpha` must be positive. Received: alpha={alpha}")
    numbers = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True)

    def blend(number, element):
        x, y, *weight = element
        seeds = tf.stack([number, 0]), tf.stack([number, 1])
        draw = tf.random.stateless_gamma((2,), seeds[0], alpha)
        share = tf.reduce_min(draw) / tf.maximum(tf.reduce_sum(draw), 1e-9)  # at most a half
        other = {name: tf.roll(value, 1, axis=0) for name, value in x.items()}
        x, share = mix(x, other, share, seeds[1])
        y = tf.one_hot(y, classes)
        labels = [y, *weight]
        return (x, *(each + share * (tf.roll(each, 1, axis=0) - each) for each in labels))

    return tf.data.Dataset.zip(numbers, batches).map(blend)


def mixup(
    x: Mapping[str, tf.Tensor], other: Mapping[str, tf.Tensor], share: tf.Tensor, seed: tf.Tensor
) -> tuple[dict[str, tf.Tensor], tf.Tensor]:
    """Weighted sums of two batches; words, which have no sum, stay those of the first.

    A modality is there where either clip has it.

    Args:
        x: dict of tensors `(B, T, ...)` and masks `(B, T)`.
        other: dict like `x`.
        share: float scalar. Of `other`.
        seed: int64 tensor `(2,)`; of no matter here.

    Returns:
        Tuple of a dict like `x` and the share.

    Reference:
        [Zhang et al., 2018](https://arxiv.org/abs/1710.09412)
    """
    summed = {name for name, value in x.items() if value.dtype.is_floating}
    found = dict(x)
    for name in summed:
        found[name] = x[name] + tf.cast(share, x[name].dtype) * (other[name] - x[name])
        mask = name + MASK_SUFFIX
        found[mask] = x[mask] | ((share > 0) & other[mask])
    return found, share


def cutmix(
    x: Mapping[str, tf.Tensor], other: Mapping[str, tf.Tensor], share: tf.Tensor, seed: tf.Tensor
) -> tuple[dict[str, tf.Tensor], tf.Tensor]:
    """A box of the frames, and a stretch of steps of audio and words, from the other batch.

    The box covers the same share of each frame as the stretch does of the steps.

    Args:
        x: dict of tensors `(B, T, ...)` and masks `(B, T)`.
        other: dict like `x`.
        share: float scalar. Wanted share of `other`; it is rounded to whole steps.
        seed: int64 tensor `(2,)`.

    Returns:
        Tuple of a dict like `x` and the share that was taken.

    Reference:
        [Yun et al., 2019](https://arxiv.org/abs/1905.04899)
    """
    names = [name for name in x if name + MASK_SUFFIX in x]
    steps = x[names[0] + MASK_SUFFIX].shape[1]
    count = tf.round(share * steps)
    share = count / steps
    draw = tf.random.stateless_uniform((3,), seed)
    stretch = _between(steps, count, draw[0])  # (T,)
    found = dict(x)
    for name in names:
        mask = name + MASK_SUFFIX
        if len(x[name].shape) == 5:  # frames (B, T, H, W, C)
            height, width = x[name].shape[2:4]
            rows = _between(height, tf.sqrt(share) * height, draw[1])
            columns = _between(width, tf.sqrt(share) * width, draw[2])
            taken = (rows[:, None] & columns)[:, :, None]  # (H, W, 1)
            both = x[mask] & other[mask]
            taken = taken & both[..., None, None, None]
            found[name] = tf.where(taken, other[name], x[name])
            continue
        shape = (steps, *(1,) * (len(x[name].shape) - 2))
        found[name] = tf.where(tf.reshape(stretch, shape), other[name], x[name])
        found[mask] = tf.where(stretch, other[mask], x[mask])
    return found, share


def _between(size, length, draw):
    """Places of `size` in a run of `length` whose start is drawn, bool `(size,)`."""
    length = tf.cast(tf.round(length), tf.int32)
    start = tf.cast(draw * tf.cast(size - length + 1, tf.float32), tf.int32)
    places = tf.range(size)
    return (places >= start) & (places < start + length)

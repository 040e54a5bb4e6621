"""Batches of whole groups, so that each clip is beside the others of its group."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from mmfusion.specs import SEQUENCE


def in_order_of_groups(groups: Sequence[str]) -> list[int]:
    """The order in which `batch_groups` leaves elements: by where their groups end.

    Args:
        groups: sequence of N str, the group of each element.

    Returns:
        List of N places.

    Example:

    >>> in_order_of_groups(["a", "b", "a", "b"])
    [0, 2, 1, 3]
    """
    last = {group: at for at, group in enumerate(groups)}
    return sorted(range(len(groups)), key=lambda at: (last[groups[at]], at))


def batch_groups(
    clips: tf.data.Dataset, groups: Sequence[str], *, batch_size: int, seed: int | None = None
) -> tf.data.Dataset:
    """Batches clips by whole groups.

    Args:
        clips: tf.data.Dataset of `(x, y)` or `(x, y, weight)`, `x` a dict of tensors.
        groups: sequence of str, the group of each element.
        batch_size: int. About how many clips a batch has; it has at least one group.
        seed: int. Shuffles the groups anew in each epoch; `None` for their own order.

    Returns:
        tf.data.Dataset of the same with a batch dimension B; `x` has an int32 `(B,)` besides, the
        number of the sequence that each clip belongs to.
    """
    _, numbers, lengths = np.unique(groups, return_inverse=True, return_counts=True)
    sizes = tf.constant(lengths, tf.int64)
    numbers = tf.data.Dataset.from_tensor_slices(numbers.astype(np.int64))
    whole = tf.data.Dataset.zip(numbers, clips).group_by_window(
        lambda number, clip: number,
        lambda number, window: window.batch(int(lengths.max())),
        window_size_func=lambda number: sizes[number],
    )
    whole = whole.map(lambda numbers, clip: (tf.size(numbers), clip))
    if seed is not None:
        whole = whole.shuffle(len(lengths), seed=seed)
    together = max(1, round(batch_size * len(lengths) / len(groups)))
    batches = whole.padded_batch(together).map(_flat)
    count = -(-len(lengths) // together)
    return batches.apply(tf.data.experimental.assert_cardinality(count))


def _flat(sizes, clip):
    """Padded groups `(G, N, ...)`, so many clips each, as clips `(B, ...)`."""
    x, y, *weight = clip
    there = tf.sequence_mask(sizes, tf.shape(y)[1])  # (G, N)
    x = {name: tf.boolean_mask(values, there) for name, values in x.items()}
    x[SEQUENCE] = tf.repeat(tf.range(tf.size(sizes)), sizes)  # (B,)
    return x, *(tf.boolean_mask(each, there) for each in (y, *weight))

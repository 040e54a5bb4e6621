"""The default optimiser, AdamW under a cosine, and what weight decay leaves alone."""

import keras

from mmfusion import defaults
from mmfusion.training.schedules import cosine


def optimizer(
    steps: int,
    *,
    learning_rate: float = defaults.LEARNING_RATE,
    warmup: float = defaults.WARMUP,
    weight_decay: float = defaults.WEIGHT_DECAY,
    clip_norm: float = defaults.CLIP_NORM,
) -> keras.optimizers.Optimizer:
    """AdamW whose learning rate rises for a while and then falls to zero along a cosine.

    Biases and the scales of normalisation are not decayed.

    Args:
        steps: int. Training steps in all: batches of an epoch times epochs.
        learning_rate: float. The highest learning rate.
        warmup: float. Share of the steps in which the learning rate rises from zero.
        weight_decay: float.
        clip_norm: float. Longest allowed gradient, all weights together.

    Returns:
        keras.optimizers.Optimizer.

    Raises:
        ValueError: if `steps` or `warmup` is out of range.

    Example:

    >>> float(optimizer(100, learning_rate=0.1).learning_rate)
    0.0

    Reference:
        [Loshchilov and Hutter, 2019](https://arxiv.org/abs/1711.05101)
    """
    return exclude_from_weight_decay(
        keras.optimizers.AdamW(
            learning_rate=cosine(learning_rate, steps, warmup=warmup),
            weight_decay=weight_decay,
            global_clipnorm=clip_norm,
        )
    )


def exclude_from_weight_decay(chosen: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """An optimiser that does not decay biases and the scales of normalisation.

    Args:
        chosen: keras.optimizers.Optimizer, not yet built.

    Returns:
        The same.
    """
    chosen.exclude_from_weight_decay(var_names=["bias", "beta", "gamma"])
    return chosen

"""How the learning rate goes over the steps of a training."""

import keras

schedules = keras.optimizers.schedules
DROPS = 3


def fixed(learning_rate: float, steps: int) -> float:
    """The same learning rate at every step.

    Args:
        learning_rate: float.
        steps: int. Steps of the training; of no matter here.

    Returns:
        float. An optimiser with it lets `Plateau` and the range test set the learning rate.
    """
    return learning_rate


def step(
    learning_rate: float, steps: int, *, factor: float = 0.3
) -> keras.optimizers.schedules.LearningRateSchedule:
    """A learning rate that is multiplied by `factor` after each quarter of the training.

    Args:
        learning_rate: float. The first learning rate.
        steps: int. Steps of the training.
        factor: float.

    Returns:
        keras.optimizers.schedules.LearningRateSchedule.

    Example:

    >>> [round(float(step(1.0, 8, factor=0.5)(at)), 3) for at in (0, 2, 3, 7)]
    [1.0, 1.0, 0.5, 0.125]
    """
    _check(steps)
    ends = [max(part, steps * part // (DROPS + 1)) for part in range(1, DROPS + 1)]
    return schedules.PiecewiseConstantDecay(
        ends, [learning_rate * factor**drop for drop in range(DROPS + 1)]
    )


def exponential(
    learning_rate: float, steps: int, *, last: float = 0.01
) -> keras.optimizers.schedules.LearningRateSchedule:
    """A learning rate that falls by the same share at every step, to `last` of what it was.

    Args:
        learning_rate: float. The first learning rate.
        steps: int. Steps of the training.
        last: float. Share of the learning rate that is left at the end.

    Returns:
        keras.optimizers.schedules.LearningRateSchedule.

    Example:

    >>> [round(float(exponential(1.0, 4, last=0.0625)(at)), 3) for at in (0, 2, 4)]
    [1.0, 0.25, 0.062]
    """
    _check(steps)
    return schedules.ExponentialDecay(learning_rate, decay_steps=steps, decay_rate=last)


def cosine(
    learning_rate: float, steps: int, *, warmup: float = 0.1
) -> keras.optimizers.schedules.LearningRateSchedule:
    """A learning rate that rises for a while and then falls to zero along a cosine.

    Args:
        learning_rate: float. The highest learning rate.
        steps: int. Steps of the training.
        warmup: float. Share of the steps in which it rises from zero.

    Returns:
        keras.optimizers.schedules.LearningRateSchedule.

    Raises:
        ValueError: if `steps` or `warmup` is out of range.

    Reference:
        [Loshchilov and Hutter, 2017](https://arxiv.org/abs/1608.03983)
    """
    _check(steps)
    if not 0 <= warmup < 1:
        raise ValueError(f"`warmup` must be at least 0 and below 1. Received: warmup={warmup}")
    rising = round(warmup * steps)
    return schedules.CosineDecay(
        initial_learning_rate=0.0 if rising else learning_rate,
        decay_steps=steps - rising,
        warmup_target=learning_rate if rising else None,
        warmup_steps=rising,
    )


def cycles(
    learning_rate: float, steps: int, *, count: int
) -> keras.optimizers.schedules.LearningRateSchedule:
    """A cosine that starts anew `count` times, so that each end is another good model.

    Args:
        learning_rate: float. The learning rate at the start of each cycle.
        steps: int. Steps of the training.
        count: int. Cycles.

    Returns:
        keras.optimizers.schedules.LearningRateSchedule.

    Raises:
        ValueError: if there are fewer steps than cycles.

    Reference:
        [Huang et al., 2017](https://arxiv.org/abs/1704.00109)
    """
    _check(steps)
    if not 1 <= count <= steps:
        raise ValueError(f"`count` must be 1 to the {steps} steps. Received: count={count}")
    return schedules.CosineDecayRestarts(learning_rate, steps / count, t_mul=1.0, m_mul=1.0)


def _check(steps):
    if steps < 1:
        raise ValueError(f"`steps` must be at least 1. Received: steps={steps}")

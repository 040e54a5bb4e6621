"""Adversarial losses, of a discriminator of real and generated examples and of a generator.

Each takes logits of any shape, the output of the discriminator before any activation; higher is
more real.
"""

from collections.abc import Callable

import keras
import tensorflow as tf

ops = keras.ops


def hinge(real: tf.Tensor, fake: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Hinge losses of the discriminator and of the generator.

    Args:
        real: float tensor, logits of real examples.
        fake: float tensor, logits of generated ones.

    Returns:
        Tuple of two scalars.

    Example:

    >>> [float(loss) for loss in hinge(np.array([2.0]), np.array([-0.5]))]
    [0.5, 0.5]

    Reference:
        [Lim and Ye, 2017](https://arxiv.org/abs/1705.02894)
    """
    discriminator = ops.mean(ops.relu(1 - real)) + ops.mean(ops.relu(1 + fake))
    return discriminator, -ops.mean(fake)


def non_saturating(real: tf.Tensor, fake: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Cross-entropy of the discriminator, and the generator's, which does not saturate.

    Args:
        real: float tensor, logits of real examples.
        fake: float tensor, logits of generated ones.

    Returns:
        Tuple of two scalars.

    Reference:
        [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661)
    """
    discriminator = ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))
    return discriminator, ops.mean(ops.softplus(-fake))


def wasserstein(real: tf.Tensor, fake: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Wasserstein losses of the critic, to which `gradient_penalty` is added, and of the generator.

    Args:
        real: float tensor, the critic's scores of real examples.
        fake: float tensor, its scores of generated ones.

    Returns:
        Tuple of two scalars.

    Example:

    >>> [float(loss) for loss in wasserstein(np.array([2.0]), np.array([-0.5]))]
    [-2.5, 0.5]

    Reference:
        [Arjovsky et al., 2017](https://arxiv.org/abs/1701.07875)
    """
    return ops.mean(fake) - ops.mean(real), -ops.mean(fake)


def gradient_penalty(
    critic: Callable[[tf.Tensor], tf.Tensor],
    real: tf.Tensor,
    fake: tf.Tensor,
    *,
    seed: int | keras.random.SeedGenerator | None = None,
) -> tf.Tensor:
    """How far the critic's slope between real and generated examples is from 1, squared.

    Args:
        critic: keras.Model or function of a batch to logits.
        real: float tensor `(B, ...)`.
        fake: float tensor `(B, ...)`.
        seed: int or keras.random.SeedGenerator.

    Returns:
        Scalar, to be added to the critic's loss ten times.

    Reference:
        [Gulrajani et al., 2017](https://arxiv.org/abs/1704.00028)
    """
    ones = (1,) * (len(real.shape) - 1)
    share = keras.random.uniform((ops.shape(real)[0], *ones), seed=seed, dtype=real.dtype)
    between = real + share * (fake - real)
    with tf.GradientTape() as tape:
        tape.watch(between)
        scores = critic(between)
    slopes = ops.reshape(tape.gradient(scores, between), (ops.shape(real)[0], -1))  # (B, D)
    lengths = ops.sqrt(ops.sum(slopes**2, axis=1) + 1e-12)
    return ops.mean((lengths - 1) ** 2)

"""Losses that draw together what belongs together: pairs of clips, or two views of one."""

from typing import Any

import keras
import tensorflow as tf

SHORTEST = 1e-3  # of an embedding; below, the slope of its direction would not fit half precision


@keras.saving.register_keras_serializable("mmfusion")
class Contrastive(keras.losses.Loss):
    """Contrastive loss of distances: `d ** 2` for a pair, `max(0, margin - d) ** 2` for none.

    Args:
        margin: float. From this distance on, what does not belong together is left alone.

    Call arguments:
        y_true: tensor `(B,)`, 1 where the two belong together, else 0.
        y_pred: float tensor `(B,)`, their distance.

    Returns:
        Float tensor `(B,)` before reduction.

    Example:

    >>> loss = mm.losses.Contrastive(margin=1.0)
    >>> float(loss(np.array([1, 0, 0, 0]), np.array([0.5, 0.5, 2.0, 3.0])))
    0.125

    Reference:
        [Hadsell et al., 2006](https://doi.org/10.1109/CVPR.2006.100)
    """

    def __init__(self, margin: float = 1.0, *, name: str = "contrastive", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        if not margin > 0:
            raise ValueError(f"`margin` must be positive. Received: margin={margin}")
        self.margin = margin

    def call(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        together = keras.ops.cast(y_true, y_pred.dtype)
        apart = keras.ops.relu(self.margin - y_pred)
        return together * y_pred**2 + (1 - together) * apart**2

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "margin": self.margin}


@keras.saving.register_keras_serializable("mmfusion")
class InfoNCE(keras.losses.Loss):
    """Matches the audio and the frames of a clip: cross-entropy over all pairings of a batch.

    Args:
        temperature: float. Similarities, between -1 and 1, are divided by it.

    Call arguments:
        y_true: float tensor `(B, D)`, embeddings of the clips by one modality.
        y_pred: float tensor `(B, D)`, embeddings of the same clips by the other.

    Returns:
        Float tensor `(B,)` before reduction, the mean of both directions.

    Example:

    >>> seen = np.eye(4, dtype="float32")
    >>> loss = mm.losses.InfoNCE(temperature=0.1)
    >>> float(loss(seen, seen)) < 0.001 < float(loss(seen, seen[::-1]))
    True

    Reference:
        [Radford et al., 2021](https://arxiv.org/abs/2103.00020)
    """

    def __init__(self, temperature: float = 0.07, *, name: str = "info_nce", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        if not temperature > 0:
            raise ValueError(f"`temperature` must be positive. Received: {temperature}")
        self.temperature = temperature

    def call(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        ops = keras.ops
        wide = keras.backend.result_type(y_pred.dtype, "float32")
        one, other = (_unit(ops.cast(x, wide)) for x in (y_true, y_pred))
        similar = one @ ops.transpose(other) / self.temperature  # (B, B)
        own = ops.diagonal(similar)  # (B,)
        ways = ops.logsumexp(similar, axis=0) + ops.logsumexp(similar, axis=1)
        return ways / 2 - own

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "temperature": self.temperature}


def _unit(vectors):
    return keras.ops.normalize(vectors, axis=-1, epsilon=SHORTEST)

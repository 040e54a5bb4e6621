"""A spectrogram read by a 2-D CNN, as an image of time and frequency."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from mmfusion.ops.masks import keep, masked_max, masked_mean
from mmfusion.specs import scope_name


def mel_cnn(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    filters: Sequence[int] = (16, 32, 48, 64),
    dropout: float = 0.1,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """The audio branch of emotions: 2-D convolutions, pooled over the whole clip.

    All steps get the same features. Where the time of a sound event counts, take `conv_lstm`.

    Args:
        inputs: named `keras.Input`, log-mel of shape `(B, T, P, F)`.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        filters: tuple of four ints. Width of each convolution. Default `(16, 32, 48, 64)`.
        dropout: float. Share of the maps left out in training. Default 0.1.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> import keras
    >>> audio, mask = keras.Input((16, 12, 64), name="audio"), keras.Input((16,), dtype="bool")
    >>> features, _ = mm.branches.mel_cnn(audio, mask, units=32)
    >>> features.shape
    (None, 16, 32)

    Reference:
        [Kong et al., 2020](https://arxiv.org/abs/1912.10211)
    """
    cnn = MelCNN(units, filters=filters, dropout=dropout, name=f"{scope_name(inputs.name)}_mel_cnn")
    return cnn(inputs, mask), mask  # (B, T, D)


AVERAGED_FRAMES = 2  # of 10 ms each, averaged: emotion is slower than that
POOL_SIZES = (1, 2), (2, 2), (2, 2), (1, 2)  # frames and bands, after each convolution
MOMENTUM = 0.95  # of what batches were normalised by: some hundred clips are few batches
EPSILON = 1e-5  # of a variance


@keras.saving.register_keras_serializable("mmfusion")
class MelCNN(keras.layers.Layer):
    """Reads a spectrogram as an image: the same pattern a little higher or later is the same.

    Convolutions reach over the borders of steps, pooling stays within them. Batches are normalised
    over what is present alone. Each step gets the mean, the standard deviation and the
    maximum over the whole clip, and nothing of its own: an emotion is in all of it.

    Args:
        units: int. Width D.
        filters: tuple of four ints. Width of each convolution. Default `(16, 32, 48, 64)`.
        dropout: float. Share of the maps left out, each over a whole clip, before all convolutions
            but the first, in training. Default 0.1.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        inputs: float tensor of shape `(B, T, P, F)`.
        mask: bool tensor of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, T, D)`; 0 at absent steps.

    Raises:
        ValueError: if there are not four `filters`.

    Example:

    >>> audio, mask = np.zeros((2, 16, 12, 64)), np.ones((2, 16), bool)
    >>> MelCNN(32)(audio, mask).shape
    TensorShape([2, 16, 32])

    Reference:
        [Kong et al., 2020](https://arxiv.org/abs/1912.10211)
    """

    def __init__(
        self,
        units: int,
        *,
        filters: Sequence[int] = (16, 32, 48, 64),
        dropout: float = 0.1,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if len(filters) != len(POOL_SIZES):
            raise ValueError(f"`filters` must be {len(POOL_SIZES)}. Received: filters={filters}")
        self.units = units
        self.filters = tuple(filters)
        self.dropout = dropout
        self.drop = keras.layers.SpatialDropout2D(dropout, dtype=self.dtype_policy, name="drop")

    def build(self, inputs_shape: tuple[int | None, ...]) -> None:
        policy, channels = self.dtype_policy, 1
        bands: Any = inputs_shape[-1]
        self.convs, self.norms = [], []
        for index, (width, (_, pool)) in enumerate(zip(self.filters, POOL_SIZES, strict=True)):
            conv = keras.layers.Conv2D(
                width, 3, padding="same", use_bias=False, dtype=policy, name=f"conv_{index}"
            )
            conv.build((None, None, bands, channels))
            norm = keras.layers.BatchNormalization(
                momentum=MOMENTUM, dtype=policy, name=f"norm_{index}"
            )
            norm.build((None, None, bands, width))
            self.convs.append(conv)
            self.norms.append(norm)
            bands, channels = -(-bands // pool), width
        self.bands = keras.layers.Dense(self.units, "relu", dtype=policy, name="bands")
        self.bands.build((None, None, bands * channels))
        self.whole = keras.layers.Dense(self.units, dtype=policy, name="whole")
        self.whole.build((None, 3 * self.units))

    def call(
        self, inputs: keras.KerasTensor, mask: keras.KerasTensor, training: bool = False
    ) -> keras.KerasTensor:
        steps = inputs.shape[1] or ops.shape(inputs)[1]
        x = _pooled(keep(inputs, mask)[..., None], (AVERAGED_FRAMES, 1), ops.average_pool)
        for index, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            frames, bands, channels = x.shape[2:]
            x = ops.reshape(x, (-1, steps * frames, bands, channels))
            x = conv(self.drop(x, training=training) if index else x)
            present = ops.repeat(mask, frames, axis=1)[..., None]  # (B, T * P, 1)
            present = ops.broadcast_to(present, ops.shape(x)[:-1])
            x = ops.relu(norm(x, training=training, mask=present))
            x = ops.reshape(x, (-1, steps, frames, bands, x.shape[-1]))
            x = keep(_pooled(x, POOL_SIZES[index], ops.max_pool), mask)  # (B, T, P, F, C)
        frames, bands, channels = x.shape[2:]
        x = self.bands(ops.reshape(x, (-1, steps * frames, bands * channels)))  # (B, T * P, D)
        present = ops.repeat(mask, frames, axis=1)
        mean = masked_mean(x, present)
        std = ops.sqrt(masked_mean(ops.square(x - mean[:, None]), present) + EPSILON)
        whole = ops.concatenate([mean, std, masked_max(x, present)], axis=-1)  # (B, 3 * D)
        whole = self.whole(whole)[:, None]  # (B, 1, D)
        return ops.where(mask[..., None], whole, 0)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "filters": self.filters,
            "dropout": self.dropout,
        }


def _pooled(maps, size, pool):
    """Maps `(B, T, P, F, C)`, pooled within each step."""
    steps = maps.shape[1] or ops.shape(maps)[1]
    pooled = pool(ops.reshape(maps, (-1, *maps.shape[2:])), size, padding="same")
    return ops.reshape(pooled, (-1, steps, *pooled.shape[1:]))

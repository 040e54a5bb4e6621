"""Convolutions over the frames of a spectrogram, then an LSTM over the steps."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
from keras import ops

from mmfusion.branches.recurrent import lstm
from mmfusion.layers.sequence.temporal_conv import TemporalConv
from mmfusion.ops.masks import keep, masked_max, masked_mean
from mmfusion.specs import scope_name


def conv_lstm(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    dilations: Sequence[int] = (1, 2, 4, 8),
    dropout: float = 0.3,
    recurrent: Callable = lstm,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """The default audio branch: convolutions over all frames, then an LSTM over the steps.

    The maximum over the frames of a step is kept, so that a short event is not averaged away, and
    each step gets the context of the whole clip. The output of the LSTM is added to these features
    (a residual connection), so that they are learned from at once.

    Args:
        inputs: named `keras.Input`, log-mel of shape `(B, T, P, F)`.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        dilations: tuple of int. Dilation of each convolution, in frames. Default
            `(1, 2, 4, 8)`.
        dropout: float. Share of the features that a clip does without in training. Default 0.3.
        recurrent: function of features, mask, `units` and `name` that reads the steps. Default
            `lstm`.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> audio, mask = keras.Input((16, 12, 64), name="audio"), keras.Input((16,), dtype="bool")
    >>> features, _ = mm.branches.conv_lstm(audio, mask, units=32)
    >>> features.shape
    (None, 16, 32)

    Reference:
        [Choi et al., 2016](https://arxiv.org/abs/1609.04243)
    """
    name = scope_name(inputs.name)
    convs = SpectrogramConv(units, dilations=dilations, dropout=dropout, name=f"{name}_conv")
    present = convs(inputs, mask)  # (B, T, D)
    read, _ = recurrent(present, mask, units=units, name=name)
    return keras.layers.Add(name=f"{name}_sum")([present, read]), mask  # (B, T, D)


@keras.saving.register_keras_serializable("mmfusion")
class SpectrogramConv(keras.layers.Layer):
    """Reads all frames of a spectrogram in order and returns the maximum over each step.

    Windows reach over the borders of steps: each convolution adds to a frame what is around it,
    whatever step that lies in. Each step also gets the mean and the maximum over the whole clip: a
    mood is in all of it.

    Args:
        units: int. Width D.
        kernel_size: int. Kernel size of each convolution, in frames. Default 5.
        dilations: tuple of int. Distance between these frames, of each convolution. Default
            `(1, 2, 4, 8)`: together 61 frames, 0.6 s.
        dropout: float. Share of the features left out, each over a whole clip, in training, before
            and after the convolutions: few clips are soon known by heart. Default 0.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        inputs: float tensor of shape `(B, T, P, F)`.
        mask: bool tensor of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, T, D)`; 0 at absent steps.

    Example:

    >>> audio, mask = np.zeros((2, 16, 12, 64)), np.ones((2, 16), bool)
    >>> SpectrogramConv(32)(audio, mask).shape
    TensorShape([2, 16, 32])

    Reference:
        [Oord et al., 2016](https://arxiv.org/abs/1609.03499)
    """

    def __init__(
        self,
        units: int,
        *,
        kernel_size: int = 5,
        dilations: Sequence[int] = (1, 2, 4, 8),
        dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.kernel_size = kernel_size
        self.dilations = tuple(dilations)
        self.dropout = dropout
        self.drop = keras.layers.SpatialDropout1D(dropout, dtype=self.dtype_policy, name="drop")

    def build(self, inputs_shape: tuple[int | None, ...]) -> None:
        policy = self.dtype_policy
        self.bands = keras.layers.Dense(self.units, dtype=policy, name="bands")
        self.bands.build((None, None, inputs_shape[-1]))
        self.convs = [
            TemporalConv(
                self.kernel_size, dilation, normalise=True, dtype=policy, name=f"conv_{index}"
            )
            for index, dilation in enumerate(self.dilations)
        ]
        self.norm = keras.layers.LayerNormalization(dtype=policy, name="norm")
        for layer in (*self.convs, self.norm):
            layer.build((None, None, self.units))
        self.whole = keras.layers.Dense(self.units, dtype=policy, name="whole")
        self.whole.build((None, 2 * self.units))

    def call(
        self, inputs: keras.KerasTensor, mask: keras.KerasTensor, training: bool = False
    ) -> keras.KerasTensor:
        frames, bins = inputs.shape[2:]  # P, F
        steps = inputs.shape[1] or ops.shape(inputs)[1]
        present = ops.repeat(mask, frames, axis=1)  # (B, T * P)
        x = self.bands(ops.reshape(keep(inputs, mask), (-1, steps * frames, bins)))
        x = self.drop(x, training=training)
        for conv in self.convs:
            x = conv(x, present)  # (B, T * P, D)
        x = self.norm(x)
        whole = ops.concatenate([masked_mean(x, present), masked_max(x, present)], axis=-1)
        x = ops.max(ops.reshape(x, (-1, steps, frames, self.units)), axis=2)  # (B, T, D)
        x = x + self.whole(whole)[:, None]
        return keep(self.drop(x, training=training), mask)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "kernel_size": self.kernel_size,
            "dilations": self.dilations,
            "dropout": self.dropout,
        }

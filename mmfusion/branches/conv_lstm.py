"""Sound read by a convolution over the spectrogram of each step, then by an LSTM over the steps."""

import keras

from mmfusion.branches.recurrent import lstm
from mmfusion.layers.per_step import PerStep


def conv_lstm(inputs, mask, *, units=64, filters=(16, 32), recurrent=lstm):
    """The sound branch: convolution over frames and mel bins of a step, then an LSTM.

    Where in the spectrum a thing sounds is kept; of the frames of a step the strongest answer is,
    so that a short sound is not averaged away.

    Args:
        inputs: named `keras.Input`, log-mel of shape `(B, T, P, F)`.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        filters: tuple of int. Width of each convolution. Default `(16, 32)`.
        recurrent: function of features, mask, `units` and `name` that reads the steps. Default
            `lstm`.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> sound, mask = keras.Input((16, 12, 64), name="audio"), keras.Input((16,), dtype="bool")
    >>> features, _ = mm.branches.conv_lstm(sound, mask, units=32)
    >>> features.shape
    (None, 16, 32)

    Reference:
        [Choi et al., 2016](https://arxiv.org/abs/1609.04243)
    """
    name = inputs.name
    frames, bins = inputs.shape[2:]  # P, F
    spectrum = keras.Sequential(
        [
            keras.layers.Reshape((frames, bins, 1)),
            *[
                keras.layers.Conv2D(width, 3, strides=(1, 2), padding="same", activation="relu")
                for width in filters
            ],
            keras.layers.MaxPooling2D((frames, 2), padding="same"),
            keras.layers.Flatten(),
            keras.layers.Dense(units, activation="relu"),
        ],
        name=f"{name}_spectrum",
    )
    features = PerStep(spectrum, name=f"{name}_conv2d")(inputs, mask)  # (B, T, D)
    return recurrent(features, mask, units=units, name=name)

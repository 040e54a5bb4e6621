"""Sound read by convolutions over the frames of its spectrogram, then by an LSTM over the steps."""

import keras

from mmfusion.branches.recurrent import lstm
from mmfusion.layers.spectrogram_conv import SpectrogramConv


def conv_lstm(inputs, mask, *, units=64, dilations=(1, 2, 4, 8), dropout=0.3, recurrent=lstm):
    """The sound branch: convolutions over all frames, then an LSTM over the steps.

    Of the frames of a step the strongest answers are kept, so that a short sound is not averaged
    away, and each step is told of the whole clip; what the LSTM says is added to them, so that they
    are learned from at once.

    Args:
        inputs: named `keras.Input`, log-mel of shape `(B, T, P, F)`.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        dilations: tuple of int. Distance between the frames that each convolution sees. Default
            `(1, 2, 4, 8)`.
        dropout: float. Share of the features that a clip does without in training. Default 0.3.
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
    convs = SpectrogramConv(units, dilations=dilations, dropout=dropout, name=f"{name}_conv")
    heard = convs(inputs, mask)  # (B, T, D)
    read, _ = recurrent(heard, mask, units=units, name=name)
    return keras.layers.Add(name=f"{name}_sum")([heard, read]), mask  # (B, T, D)

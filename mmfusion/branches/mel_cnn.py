"""Sound read as a picture of time and pitch."""

import keras

from mmfusion.layers.mel_cnn import MelCNN


def mel_cnn(inputs, mask, *, units=64, filters=(16, 32, 48, 64), dropout=0.3):
    """The sound branch of moods and of what lasts: 2-D convolutions over the whole spectrogram.

    Where single words or short sounds count, `conv_lstm` is learned sooner.

    Args:
        inputs: named `keras.Input`, log-mel of shape `(B, T, P, F)`.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        filters: tuple of four ints. Width of each convolution. Default `(16, 32, 48, 64)`.
        dropout: float. Share of the features that a clip does without in training. Default 0.3.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> sound, mask = keras.Input((16, 12, 64), name="audio"), keras.Input((16,), dtype="bool")
    >>> features, _ = mm.branches.mel_cnn(sound, mask, units=32)
    >>> features.shape
    (None, 16, 32)

    Reference:
        [Kong et al., 2020](https://arxiv.org/abs/1912.10211)
    """
    heard = MelCNN(units, filters=filters, name=f"{inputs.name}_mel_cnn")(inputs, mask)
    drop = keras.layers.SpatialDropout1D(dropout, name=f"{inputs.name}_drop")
    return drop(heard), mask  # (B, T, D)

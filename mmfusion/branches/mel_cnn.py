"""Sound read as a picture of time and frequency."""

from mmfusion.layers.mel_cnn import MelCNN


def mel_cnn(inputs, mask, *, units=64, filters=(16, 32, 48, 64), dropout=0.1):
    """The sound branch of emotions: 2-D convolutions, summed up over the whole clip.

    All steps are told the same. Where it counts what is heard when, take `conv_lstm`.

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
    >>> sound, mask = keras.Input((16, 12, 64), name="audio"), keras.Input((16,), dtype="bool")
    >>> features, _ = mm.branches.mel_cnn(sound, mask, units=32)
    >>> features.shape
    (None, 16, 32)

    Reference:
        [Kong et al., 2020](https://arxiv.org/abs/1912.10211)
    """
    cnn = MelCNN(units, filters=filters, dropout=dropout, name=f"{inputs.name}_mel_cnn")
    return cnn(inputs, mask), mask  # (B, T, D)

"""Convolutions over a spectrogram, then bidirectional GRUs over the steps."""

import functools
from collections.abc import Sequence

import keras

from mmfusion.branches.conv_lstm import conv_lstm
from mmfusion.branches.recurrent import gru


def crnn(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    dilations: Sequence[int] = (1, 2, 4, 8),
    dropout: float = 0.3,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """The convolutional recurrent network of sound events. Arguments and result as of `conv_lstm`.

    Reference:
        [Cakir et al., 2017](https://arxiv.org/abs/1702.06286)
    """
    both = functools.partial(gru, bidirectional=True)
    return conv_lstm(
        inputs, mask, units=units, dilations=dilations, dropout=dropout, recurrent=both
    )

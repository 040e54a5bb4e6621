"""Recurrent networks over the steps of a clip: simple, LSTM and GRU, in one or both directions."""

import keras

from mmfusion.layers.sequence.masked_rnn import MaskedRNN
from mmfusion.specs import scope_name


def lstm(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    bidirectional: bool = False,
    name: str | None = None,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """A long short-term memory over the steps; absent steps leave its state as it was.

    Args:
        inputs: float tensor of shape `(B, T, D_m)`.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features, of both directions together. Default 64.
        bidirectional: bool. Whether the steps are also read from the last to the first.
        name: str. What layer names begin with. Default: the name of `inputs`.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> sensor, mask = keras.Input((64, 6), name="inertial"), keras.Input((64,), dtype="bool")
    >>> features, _ = mm.branches.lstm(sensor, mask, units=32, bidirectional=True)
    >>> features.shape
    (None, 64, 32)

    Reference:
        [Hochreiter and Schmidhuber, 1997](https://doi.org/10.1162/neco.1997.9.8.1735)
    """
    return _recurrent("lstm", inputs, mask, units, bidirectional, name)


def gru(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    bidirectional: bool = False,
    name: str | None = None,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """A gated recurrent unit over the steps. Arguments and result as of `lstm`.

    Reference:
        [Cho et al., 2014](https://arxiv.org/abs/1406.1078)
    """
    return _recurrent("gru", inputs, mask, units, bidirectional, name)


def simple_rnn(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    bidirectional: bool = False,
    name: str | None = None,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """A plain recurrent network over the steps. Arguments and result as of `lstm`.

    Reference:
        [Elman, 1990](https://doi.org/10.1207/s15516709cog1402_1)
    """
    return _recurrent("simple_rnn", inputs, mask, units, bidirectional, name)


_CELLS = {
    "gru": keras.layers.GRUCell,
    "lstm": keras.layers.LSTMCell,
    "simple_rnn": keras.layers.SimpleRNNCell,
}


def _recurrent(kind, inputs, mask, units, bidirectional, name):
    width = units // 2 if bidirectional else units
    layer = keras.layers.RNN(_CELLS[kind](width), return_sequences=True, name=kind)
    if bidirectional:
        layer = keras.layers.Bidirectional(layer, name=kind)
    return MaskedRNN(layer, name=f"{name or scope_name(inputs.name)}_{kind}")(inputs, mask), mask

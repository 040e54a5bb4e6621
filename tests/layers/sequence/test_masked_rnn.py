"""A layer that reads the steps of a clip as a sequence and never reads an absent one."""

import keras
import numpy as np

from mmfusion.layers.sequence.masked_rnn import MaskedRNN


def test_skips_holes_as_if_they_were_not_there():
    rnn = keras.layers.RNN(keras.layers.LSTMCell(3), return_sequences=True)
    values = np.random.default_rng(0).normal(size=(1, 5, 2)).astype("float32")
    mask = np.array([[True, False, True, True, False]])
    outputs = MaskedRNN(rnn)(values, mask).numpy()
    np.testing.assert_allclose(outputs[mask], rnn(values[mask][None])[0], atol=1e-6)
    assert not outputs[~mask].any()

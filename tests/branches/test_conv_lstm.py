"""Sound read by convolutions over its spectrogram, then by an LSTM."""

import keras
import numpy as np

from mmfusion.branches.conv_lstm import conv_lstm


def test_hears_where_in_the_spectrum_a_thing_sounds():
    keras.utils.set_random_seed(0)
    inputs = keras.Input((1, 6, 32), name="x")
    mask = keras.Input((1,), dtype="bool")
    model = keras.Model([inputs, mask], conv_lstm(inputs, mask, units=8)[0])
    tones = np.zeros((2, 1, 6, 32))
    tones[0, ..., 4] = tones[1, ..., 20] = 3
    low, high = model([tones, np.ones((2, 1), bool)]).numpy()
    assert np.abs(low - high).max() > 1e-3


def test_reads_steps_with_what_it_is_given():
    inputs, mask = keras.Input((3, 6, 8), name="x"), keras.Input((3,), dtype="bool")
    seen = []

    def recurrent(features, mask, *, units, name):
        seen.append((features.shape, units, name))
        return features, mask

    conv_lstm(inputs, mask, units=5, recurrent=recurrent)
    assert seen == [((None, 3, 5), 5, "x")]

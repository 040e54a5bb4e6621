"""Recurrent networks over the steps of a clip."""

import keras
import numpy as np
import pytest

from mmfusion.branches.recurrent import gru, lstm, simple_rnn


def changed(branch, **options):
    """Which steps of the output change with step 2 of the input."""
    keras.utils.set_random_seed(0)
    inputs, mask = keras.Input((5, 3), name="x"), keras.Input((5,), dtype="bool")
    model = keras.Model([inputs, mask], branch(inputs, mask, units=4, **options)[0])
    values = np.random.default_rng(0).normal(size=(1, 5, 3))
    before = model([values, np.ones((1, 5), bool)]).numpy()
    values[:, 2] += 1
    after = model([values, np.ones((1, 5), bool)]).numpy()
    return (np.abs(after - before).max(axis=(0, 2)) > 1e-6).tolist()


@pytest.mark.parametrize("branch", [gru, lstm, simple_rnn])
def test_each_direction_sees_its_side(branch):
    assert changed(branch) == [False, False, True, True, True]
    assert changed(branch, bidirectional=True) == [True] * 5


@pytest.mark.parametrize(
    ("branch", "twin"),
    [(gru, keras.layers.GRU), (lstm, keras.layers.LSTM), (simple_rnn, keras.layers.SimpleRNN)],
)
def test_equals_keras_where_nothing_is_masked(branch, twin):
    inputs, mask = keras.Input((5, 3), name="x"), keras.Input((5,), dtype="bool")
    model = keras.Model([inputs, mask], branch(inputs, mask, units=4)[0])
    values = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
    twin = twin(4, return_sequences=True)
    twin.build(values.shape)
    twin.set_weights(model.get_weights())
    outputs = model([values, np.ones((2, 5), bool)])
    np.testing.assert_allclose(outputs, twin(values), atol=1e-6)

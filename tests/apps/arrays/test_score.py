"""Score a run on arrays."""

import keras
import numpy as np

from mmfusion.apps.arrays.score import accuracy, seeds_line


def test_accuracy_by_hand():
    inputs = keras.Input((2,))
    model = keras.Model(inputs, keras.layers.Identity()(inputs))
    rows = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.6, 0.4]])
    assert accuracy(model, [(rows, np.array([0, 1, 1, 0]))]) == 0.75


def test_a_single_seed_has_no_spread():
    assert seeds_line({"accuracy": 0.5}) == ""
    line = seeds_line({"mean_accuracy": 0.5, "std_accuracy": 0.01})
    assert line.strip() == "accuracy of a single seed: 50.0 % \u00b1 1.0"

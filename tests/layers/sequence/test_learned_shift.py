"""A sequence moved in time by a learned number of steps."""

import numpy as np
import pytest

from mmfusion.layers.sequence.learned_shift import LearnedShift

NAN = np.nan


def make(weights):
    """The layer adds 4 to the logit of no shift."""
    layer = LearnedShift(len(weights) // 2)
    layer.build((None, None, 1))
    prior = 4 * (np.arange(len(weights)) == len(weights) // 2)
    layer.logits.assign(np.log(np.maximum(weights, 1e-9)) - prior)
    return layer


@pytest.mark.parametrize(
    ("weights", "values", "valid", "expected", "reached"),
    [
        ([0, 1, 0], [1, 2, 4], [1, 1, 1], [1, 2, 4], [1, 1, 1]),
        ([1, 0, 0], [1, 2, 4], [1, 1, 1], [1, 1, 2], [1, 1, 1]),
        ([0, 0.5, 0.5], [1, 2, 4], [1, 1, 1], [1.5, 3, 4], [1, 1, 1]),
        ([0.5, 0.5, 0], [1, NAN, 4], [1, 0, 1], [1, 1, 4], [1, 1, 1]),
        ([0.5, 0.5, 0], [1, NAN, NAN], [1, 0, 0], [1, 1, 0], [1, 1, 0]),
        ([0, 1, 0], [NAN, NAN, NAN], [0, 0, 0], [0, 0, 0], [0, 0, 0]),
    ],
)
def test_averages_valid_steps_in_reach(weights, values, valid, expected, reached):
    values = np.array(values, "float32")[None, :, None]
    outputs, mask = (part.numpy() for part in make(weights)(values, np.array([valid], bool)))
    np.testing.assert_array_equal(mask, [np.array(reached, bool)])
    known = np.array(reached, bool)
    if weights == [1, 0, 0]:
        known[0] = False  # only a weight of nearly 0 reaches a step there
    np.testing.assert_allclose(outputs[0, known, 0], np.array(expected)[known], rtol=1e-5)


def test_moves_hardly_anything_at_first():
    values = np.random.default_rng(0).normal(size=(1, 6, 2)).astype("float32")
    outputs, _ = LearnedShift(2)(values, np.ones((1, 6), bool))
    assert np.abs(outputs - values).max() < 0.3


def test_reach_must_be_positive():
    with pytest.raises(ValueError, match="Received: max_offset=0"):
        LearnedShift(0)

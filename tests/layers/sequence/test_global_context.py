"""What the whole sequence of a step says, told to each of its steps."""

import numpy as np
import pytest

from mmfusion.layers.sequence.global_context import GlobalContext


@pytest.mark.parametrize(
    ("mask", "expected"),
    [([0, 0, 0], [0, 0, 0]), ([0, 1, 0], [0, 3, 0]), ([1, 1, 0], [2, 2, 0])],
)
def test_by_hand(mask, expected):
    steps = np.array([[[1.0], [3.0], [np.nan]]])
    told = GlobalContext()(steps, np.array([mask], bool))
    np.testing.assert_array_equal(np.ravel(told), expected)

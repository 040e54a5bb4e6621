import numpy as np
import pytest

from mmfusion.losses.soft_labels import soft_labels


@pytest.mark.parametrize(
    ("labels", "label_smoothing", "expected"),
    [
        (np.zeros(0, int), 0.0, np.zeros((0, 3))),
        ([2, 0], 0.0, [[0, 0, 1], [1, 0, 0]]),
        ([[2], [0]], 0.0, [[0, 0, 1], [1, 0, 0]]),
        ([2.0], 0.3, [[0.1, 0.1, 0.8]]),
        ([[0.5, 0.5, 0.0]], 0.0, [[0.5, 0.5, 0.0]]),
        ([[0.5, 0.5, 0.0]], 0.3, [[0.45, 0.45, 0.1]]),
    ],
)
def test_by_hand(labels, label_smoothing, expected):
    found = soft_labels(np.array(labels), 3, label_smoothing=label_smoothing)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_steps_between():
    found = soft_labels(np.array([[2, 0, 1]]), 3, rank=3)
    np.testing.assert_array_equal(found, [[[0, 0, 1], [1, 0, 0], [0, 1, 0]]])
    np.testing.assert_array_equal(soft_labels(found, 3, rank=3), found)

import numpy as np
import pytest

from mmfusion.layers.sequence.group_context import GroupContext


@pytest.mark.parametrize(
    ("sequence", "present", "expected"),
    [
        ([], [], []),
        ([7], [True], [1]),
        ([7], [False], [0]),
        ([0, 0, 1], [True, True, True], [1.5, 1.5, 3]),
        ([0, 1, 0], [True, True, False], [1, 2, 1]),
        ([2, 2, 2], [False, False, False], [0, 0, 0]),
    ],
)
def test_by_hand(sequence, present, expected):
    rows = np.arange(1, len(sequence) + 1, dtype="float32")[:, None]
    found = GroupContext()(rows, np.array(sequence, "int32"), np.array(present, bool))
    np.testing.assert_allclose(found.numpy().ravel(), expected)


def test_what_is_absent_may_be_anything():
    rows = np.array([[1.0], [np.nan]], "float32")
    found = GroupContext()(rows, np.array([0, 0]), np.array([True, False]))
    np.testing.assert_array_equal(found.numpy().ravel(), [1, 1])

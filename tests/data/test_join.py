import numpy as np

from mmfusion.data.arrays import Arrays, Row
from mmfusion.data.join import join_arrays

ARRAYS = Arrays(
    "f.npz",
    {
        "x": np.array([[[1.0]], [[2.0]]]),
        "x_mask": np.array([[True], [True]]),
        "word": np.array([["hi"], ["ho"]]),
        "word_mask": np.array([[True], [True]]),
    },
    (Row("a", None), Row("b", None)),
    (),
)


def test_nothing_beside():
    assert join_arrays(None, ["a"]) == {}


def test_no_rows():
    assert join_arrays(ARRAYS, [])["x"].shape == (0, 1, 1)


def test_by_id_and_absent_where_there_is_none():
    found = join_arrays(ARRAYS, ["b", "c", "a"])
    np.testing.assert_array_equal(found["x"].ravel(), [2, 0, 1])
    np.testing.assert_array_equal(found["x_mask"].ravel(), [True, False, True])
    assert found["word"].ravel().tolist() == ["ho", "", "hi"]

"""Rows of arrays, narrowed and put in sequence."""

import numpy as np

from mmfusion.data.arrays import Arrays, Row, is_image

ROWS = tuple(Row(str(at), "xy"[at % 2], "ab"[at % 2]) for at in range(4))
ARRAYS = Arrays(
    "f.npz",
    {
        "n": np.arange(8.0).reshape(4, 2, 1),
        "n_mask": np.array([[True, False], [True, True], [False, False], [True, True]]),
    },
    ROWS,
    ("x", "y", "z"),
)


def test_rows_count_their_valid_steps():
    assert [row["valid_steps"] for row in ARRAYS.rows] == [{"n": 1}, {"n": 2}, {"n": 0}, {"n": 2}]
    assert ARRAYS.rows[1]["label"] == "y"
    assert ARRAYS.select([]).rows == []


def test_narrowed_in_the_old_order():
    part = ARRAYS.select([ROWS[3], ROWS[0]])
    assert [row.id for row in part.clips] == ["0", "3"]
    assert part.classes == ["x", "y"]
    np.testing.assert_array_equal(part.tensors["n"].ravel(), [0, 1, 6, 7])
    assert ARRAYS.only([]).modalities == []


def test_in_sequence():
    rows = ARRAYS.in_sequence(np.array(["a", "b", "a", "b"]), np.array([2, 1, 1, 2]))
    assert [row.id for row in rows.clips] == ["2", "0", "1", "3"]
    assert rows.lengths.tolist() == [2, 2]


def test_images_are_bytes_with_height_width_and_channels():
    assert is_image(np.zeros((1, 1, 2, 2, 1), np.uint8))
    assert not is_image(np.zeros((1, 1, 2, 2, 1)))
    assert not is_image(np.zeros((1, 1, 2), np.uint8))

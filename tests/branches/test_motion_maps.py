"""Pictures read by where around somebody they change."""

import keras
import numpy as np
import pytest

from mmfusion.branches.motion_maps import MotionMaps, motion_maps


def test_what_does_not_move_is_not_read():
    inputs, mask = keras.Input((3, 6, 8, 2), name="depth"), keras.Input((3,), dtype="bool")
    model = keras.Model([inputs, mask], motion_maps(inputs, mask, units=4, grid=(3, 4))[0])
    pictures = np.random.default_rng(0).normal(size=(2, 3, 6, 8, 2)).astype("float32")
    painted = pictures.copy()
    painted[..., 0] += 1
    here = np.ones((2, 3), bool)
    np.testing.assert_array_equal(model([painted, here]), model([pictures, here]))
    painted[..., 1] *= -1
    assert np.abs(model([painted, here]) - model([pictures, here])).max() > 1e-3


def frames(*, at, shape=(1, 1, 4, 6, 2)):
    """Pictures whose last channel holds these changes, by step, row and column."""
    made = np.zeros(shape, "float32")
    for (step, row, column), change in at.items():
        made[0, step, row, column, -1] = change
    return made


def maps(pictures, mask, grid=(2, 3), **options):
    """Cells as `(T, 2, h, w)`: brighter, darker."""
    found = MotionMaps(grid, **options)(pictures, np.array([mask])).numpy()[0]
    return found.reshape(len(mask), 2, *grid)


def test_nothing_moves():
    assert not maps(frames(at={}), [True]).any()


def test_brighter_and_darker_are_told_apart():
    # the middle of both lies at the right border of column 1, which is the middle of the grid
    found = maps(frames(at={(0, 1, 1): 0.4, (0, 1, 2): -0.4}), [True], grid=(2, 2))[0]
    expected = np.zeros((2, 2, 2))
    expected[0, 1, 0] = expected[1, 1, 1] = 0.4 / (2 * 3)  # rows of 2 and columns of 3 places
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("down", [0, 1])
@pytest.mark.parametrize("right", [0, 2])
def test_where_in_the_picture_it_moves_is_gone(down, right):
    here = frames(at={(0, 0, 0): 0.5, (0, 1, 1): 0.3})
    there = frames(at={(0, down, right): 0.5, (0, 1 + down, 1 + right): 0.3})
    np.testing.assert_allclose(maps(there, [True]), maps(here, [True]), rtol=1e-5)


def test_the_middle_is_that_of_the_whole_clip():
    pictures = frames(at={(0, 1, 1): 0.5, (1, 1, 3): 0.5}, shape=(1, 2, 4, 6, 2))
    found = maps(pictures, [True, True], grid=(1, 6))[:, 0, 0]
    np.testing.assert_allclose(found.argmax(axis=1), [2, 4])  # one to either side of column 3


def test_a_strong_change_counts_as_a_full_one():
    weak, strong = (maps(frames(at={(0, 1, 1): size}), [True]) for size in (0.6, 9.0))
    np.testing.assert_allclose(strong, weak)
    assert weak.max() > 0


def test_an_absent_step_is_never_read():
    pictures = frames(at={(0, 1, 1): 0.5}, shape=(1, 2, 4, 6, 2))
    torn = pictures.copy()
    torn[0, 1] = np.nan
    np.testing.assert_array_equal(maps(torn, [True, False]), maps(pictures, [True, False]))

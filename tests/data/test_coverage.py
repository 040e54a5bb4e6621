import numpy as np
import pytest

from mmfusion.data.coverage import cover

SHARES = np.array([0.8, 0.1, 0.1])  # train, val, test


def lacking(counts, parts, count=3):
    """(part, class) pairs without a row, counted one by one."""
    return {
        (part, label)
        for part in range(count)
        for label in range(counts.shape[1])
        if not counts[parts == part, label].any()
    }


@pytest.mark.parametrize("parts", [[0, 1, 2], [0, 0, 1, 2]])
def test_what_covers_all_stays_as_it_is(parts):
    counts = np.ones((len(parts), 2), int)
    assert cover(counts, np.array(parts), SHARES).tolist() == parts


def test_the_test_part_comes_before_validation():
    counts = np.array([[5, 1], [5, 1], [5, 0], [5, 0]])
    parts = cover(counts, np.array([0, 0, 1, 2]), SHARES)
    assert lacking(counts, parts) == {(1, 1)}


def test_a_class_of_a_single_group_is_trained_on():
    counts = np.array([[5, 0], [5, 0], [5, 1], [5, 0]])
    parts = cover(counts, np.array([0, 1, 2, 0]), SHARES)
    assert lacking(counts, parts) == {(1, 1), (2, 1)}
    assert parts[2] == 0
    assert lacking(counts[:, :1], parts) == set()  # nothing else was given up


def test_of_moves_that_cover_as_much_the_one_that_leaves_the_proportions():
    counts = np.array([[40, 0], [0, 30], [0, 3], [0, 3], [2, 0], [2, 0]])
    parts = cover(counts, np.array([0, 0, 0, 0, 1, 2]), SHARES)
    assert parts.tolist() == [0, 0, *parts[2:4], 1, 2]
    assert sorted(parts[2:4]) == [1, 2]


@pytest.mark.parametrize("seed", range(10))
def test_classes_in_groups_enough_are_in_every_part(seed):
    rng = np.random.default_rng(seed)
    counts = np.zeros((60, 8), int)
    counts[np.arange(60), np.r_[np.repeat(np.arange(8), 3), np.zeros(36, int)]] = rng.integers(
        1, 9, 60
    )
    parts = cover(
        counts, rng.permutation(np.r_[np.zeros(50, int), np.ones(5, int), np.full(5, 2)]), SHARES
    )
    assert lacking(counts, parts) == set()


def test_folds_of_equal_share():
    counts = np.array([[3, 1], [3, 1], [3, 0], [3, 0]])
    parts = cover(counts, np.array([0, 0, 1, 1]), np.array([0.5, 0.5]))
    assert lacking(counts, parts, 2) == set()

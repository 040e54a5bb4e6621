"""Batches of whole groups."""

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data.groups import batch_groups, in_order_of_groups

GROUPS = ["b", "a", "b", "c", "a", "c", "c"]


def clips(weights=False):
    x = {"n": np.arange(7), "text": np.array([f"t{at}" for at in range(7)])}
    columns = (x, np.arange(7)) + ((np.arange(7) / 10,) if weights else ())
    return tf.data.Dataset.from_tensor_slices(columns)


def read(batches):
    return [[each.numpy() for each in (x["n"], x["sequence"], y)] for x, y, *_ in batches]


@pytest.mark.parametrize(
    ("groups", "order"),
    [([], []), (["a"], [0]), (GROUPS, [0, 2, 1, 4, 3, 5, 6]), (["a", "b"], [0, 1])],
)
def test_order(groups, order):
    assert in_order_of_groups(groups) == order


def test_whole_groups_in_the_order_that_is_told():
    batches = batch_groups(clips(), GROUPS, batch_size=5)
    assert int(batches.cardinality()) == 2
    (first, second) = read(batches)
    np.testing.assert_array_equal(first[0], [0, 2, 1, 4])
    np.testing.assert_array_equal(first[1], [0, 0, 1, 1])
    np.testing.assert_array_equal(second[0], [3, 5, 6])
    np.testing.assert_array_equal(second[1], [0, 0, 0])
    np.testing.assert_array_equal(first[2], first[0])
    assert [*first[0], *second[0]] == in_order_of_groups(GROUPS)


def test_shuffled_by_group_anew_in_each_epoch_and_the_same_by_seed():
    batches = batch_groups(clips(weights=True), GROUPS, batch_size=1, seed=0)
    epochs = [[tuple(n.tolist()) for n, *_ in read(batches)] for _ in range(6)]
    assert all(sorted(epoch) == [(0, 2), (1, 4), (3, 5, 6)] for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) > 1
    again = batch_groups(clips(weights=True), GROUPS, batch_size=1, seed=0)
    assert [[tuple(n.tolist()) for n, *_ in read(again)] for _ in range(6)] == epochs
    for x, _, weight in batches:
        np.testing.assert_allclose(weight, x["n"].numpy() / 10)
        assert [text.decode() for text in x["text"].numpy()] == [f"t{n}" for n in x["n"].numpy()]

import numpy as np
import pytest

from mmfusion.preprocessing.moments import Moments, Sample, rows_of


def test_of_nothing():
    moments = Moments().with_rows(np.zeros((0, 3)))
    for numbers in (moments.mean, moments.variance, moments.least, moments.greatest):
        np.testing.assert_array_equal(numbers, np.zeros(3))
    assert moments.with_rows(np.array([[1.0, 2.0, 3.0]])).with_rows(np.zeros((0, 3))).count == 1


@pytest.mark.parametrize("offset", [0, 1e9])
def test_equal_to_numpy_far_from_zero(offset):
    rows = np.random.default_rng(0).normal(offset, 2, (1_000, 3))
    moments = Moments()
    for part in np.array_split(rows, [1, 2, 500, 500]):
        moments = moments.with_rows(part)
    assert moments.count == 1_000
    np.testing.assert_allclose(moments.mean, rows.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(moments.variance, rows.var(axis=0), rtol=1e-6)
    np.testing.assert_array_equal(moments.least, rows.min(axis=0))
    np.testing.assert_array_equal(moments.greatest, rows.max(axis=0))


def test_merging_in_any_order_is_the_same():
    parts = [Moments().with_rows(np.random.default_rng(n).normal(n, 1, (50, 2))) for n in range(3)]
    one = parts[0].merge(parts[1]).merge(parts[2])
    other = parts[2].merge(parts[0].merge(parts[1])).merge(Moments())
    np.testing.assert_allclose(one.mean, other.mean)
    np.testing.assert_allclose(one.variance, other.variance)


def test_a_sample_is_even_and_of_its_size():
    sample = Sample(2_000, seed=1)
    for part in np.array_split(np.arange(50_000.0), 7):
        sample.add(part)
    assert len(np.unique(sample.rows)) == 2_000
    np.testing.assert_allclose(sample.quantiles([0.25, 0.5]), [12_500, 25_000], rtol=0.06)


def test_a_bad_size():
    with pytest.raises(ValueError, match="`size` must be at least 1"):
        Sample(0)


@pytest.mark.parametrize(
    ("shape", "axis", "expected"),
    [
        ((0, 5, 3), -1, (0, 3)),
        ((4,), (), (4,)),
        ((2, 5, 3), -1, (10, 3)),
        ((2, 5, 3), (), (30,)),
        ((2, 5, 3), -2, (6, 5, 1)),
        ((2, 5, 3), (-2, -1), (2, 5, 3)),
        ((2, 5, 6, 7, 3), (-3, -1), (70, 6, 1, 3)),
    ],
)
def test_shapes_of_rows(shape, axis, expected):
    (rows,) = rows_of([np.zeros(shape)], axis)
    assert rows.shape == expected


def test_rows_by_hand():
    values = np.arange(12).reshape(2, 3, 2)
    (rows,) = rows_of([values], -2)
    np.testing.assert_array_equal(rows[..., 0], [[0, 2, 4], [1, 3, 5], [6, 8, 10], [7, 9, 11]])
    (rows,) = rows_of([(values, np.array([[1, 0, 0], [0, 0, 1]], bool))], -1)
    np.testing.assert_array_equal(rows, [[0, 1], [10, 11]])


@pytest.mark.parametrize(
    ("batches", "axis", "message"),
    [
        ([np.zeros((2, 3))], 0, "`axis` must be below 0"),
        ([np.zeros(3)], -2, "Batch 0 does not fit"),
        ([np.zeros((2, 3)), np.zeros((2, 4))], -1, "Batch 1 does not fit"),
        ([(np.zeros((2, 3)), np.zeros(3, bool))], -1, "Batch 0 does not fit"),
        ([(np.zeros((2, 3)), np.zeros((2, 3), bool))], -1, "Batch 0 does not fit"),
        ([np.zeros((2, 3)), np.full((2, 3), np.nan)], -1, "Batch 1 must be finite"),
        ([np.full((2, 3), np.inf)], -1, "Batch 0 must be finite"),
    ],
)
def test_bad_batches(batches, axis, message):
    with pytest.raises(ValueError, match=message):
        list(rows_of(batches, axis))

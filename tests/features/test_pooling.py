import numpy as np
import pytest

from mmfusion.features.pooling import pool_steps


def test_by_hand():
    found = pool_steps(np.array([[0.0, 1], [1, 1], [3, 1]]), quantiles=(0.0, 0.5))
    mean, spread, least, median, change, unevenness = found.reshape(6, 2)
    assert found.dtype == np.float32
    np.testing.assert_allclose(mean, [4 / 3, 1], rtol=1e-6)
    np.testing.assert_allclose(spread, [np.sqrt(14 / 9), 0], rtol=1e-6)
    np.testing.assert_array_equal(least, [0, 1])
    np.testing.assert_array_equal(median, [1, 1])
    np.testing.assert_array_equal(change, [1.5, 0])
    np.testing.assert_array_equal(unevenness, [0.5, 0])


def test_one_step_does_not_change():
    found = pool_steps(np.array([[2.0, 3.0]]))
    np.testing.assert_array_equal(found, [2, 3, 0, 0, *[2, 3] * 5, 0, 0, 0, 0])


def test_less_is_told_where_less_is_asked():
    assert pool_steps(np.ones((4, 3)), quantiles=(), changes=False).shape == (6,)


@pytest.mark.parametrize(
    "features", [np.zeros((0, 3)), np.zeros(3), np.array([[np.nan]]), np.array([[np.inf]])]
)
def test_what_cannot_be_pooled_is_refused(features):
    with pytest.raises(ValueError, match="`features` must be finite"):
        pool_steps(features)

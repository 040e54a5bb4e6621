import json
import tracemalloc

import numpy as np
import pytest
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from mmfusion.preprocessing.scaling import Scaling, fit_min_max, fit_robust, fit_z_score

FITS = {"min max": fit_min_max, "robust": fit_robust, "z score": fit_z_score}
PEERS = {"min max": MinMaxScaler, "robust": RobustScaler, "z score": StandardScaler}


@pytest.fixture(params=sorted(FITS))
def name(request):
    return request.param


def test_equal_to_scikit_learn(name):
    rows = np.random.default_rng(0).gamma(2, (1, 50, 1e-4), (999, 3))
    scaling = FITS[name](np.array_split(rows, 7))
    expected = PEERS[name]().fit_transform(rows)
    np.testing.assert_allclose(scaling(rows), expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(scaling.inverse(scaling(rows)), rows, rtol=1e-5)


@pytest.mark.parametrize("garbage", [1e6, np.nan, np.inf])
def test_masked_steps_are_never_read(name, garbage):
    rng = np.random.default_rng(0)
    values, mask = rng.normal(size=(4, 5, 3)), rng.random((4, 5)) < 0.6
    expected = FITS[name]([values[mask]])
    values[~mask] = garbage
    found = FITS[name]([(part, seen) for part, seen in zip(values, mask, strict=True)])
    np.testing.assert_allclose(found.offset, expected.offset)
    np.testing.assert_allclose(found.scale, expected.scale)


@pytest.mark.parametrize("constant", [0, 5, -0.1, 1e8])
def test_constant_features_become_zero_and_come_back(name, constant):
    rows = np.full((30, 2), constant)
    scaling = FITS[name]([rows[:7], rows[7:]])
    np.testing.assert_allclose(scaling(rows), 0, atol=1e-12)
    np.testing.assert_allclose(scaling.inverse(scaling(rows)), rows)
    assert np.isfinite(scaling(rows + 1)).all()


def test_small_features_are_no_constants(name):
    rows = 1e-7 * np.random.default_rng(0).normal(size=(50, 1))
    assert np.ptp(FITS[name]([rows])(rows)) > 0.9


@pytest.mark.parametrize(
    "batches", [[], [np.zeros((0, 2))], [(np.ones((1, 2)), np.zeros(1, bool))]]
)
def test_nothing_seen_changes_nothing(name, batches):
    np.testing.assert_array_equal(FITS[name](batches)(np.array([[3.0, 4.0]])), [[3, 4]])


@pytest.mark.parametrize("axis", [-1, (), (-3, -1), (-2, -1)])
def test_axes_broadcast_and_equal_numpy(axis):
    pictures = np.random.default_rng(0).normal(3, 2, (20, 4, 5, 3))
    kept = {axis} if isinstance(axis, int) else set(axis)
    over = tuple(a for a in range(-4, 0) if a not in kept)
    spread = pictures.std(axis=over, keepdims=True)
    expected = (pictures - pictures.mean(axis=over, keepdims=True)) / spread
    np.testing.assert_allclose(fit_z_score([pictures], axis=axis)(pictures), expected, atol=1e-5)


def test_a_sample_comes_near_the_quartiles_with_little_memory():
    rng = np.random.default_rng(0)
    tracemalloc.start()
    scaling = fit_robust((rng.normal(4, 2, (10_000, 1)) for _ in range(50)), size=5_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_allclose(scaling.offset, 4, atol=0.15)
    np.testing.assert_allclose(scaling.scale, 2 * 1.349, rtol=0.06)
    assert peak < 2e6  # all rows are 4e6 bytes


def test_numbers_travel_as_json(name):
    scaling = FITS[name]([np.random.default_rng(0).normal(size=(9, 2, 3))], axis=(-2, -1))
    again = Scaling.from_dict(json.loads(json.dumps(scaling.to_dict())))
    assert again == scaling
    assert hash(again) == hash(scaling)


@pytest.mark.parametrize(
    ("offset", "scale"), [([0], [0]), ([np.nan], [1]), ([0], [np.inf]), ([0, 1], [1]), (0, [1])]
)
def test_bad_numbers(offset, scale):
    with pytest.raises(ValueError, match="`offset` and `scale` must be finite"):
        Scaling(offset, scale)

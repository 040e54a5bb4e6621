import numpy as np
import pytest
import scipy.stats

from mmfusion.evaluation.paired import fold_interval, fold_test

FIGURES = [0.61, 0.72, 0.55, 0.68, 0.7]


@pytest.mark.parametrize("values", [[], [0.5]])
def test_one_fold_tells_no_spread(values):
    assert fold_interval(values, folds=5) is None


def test_interval_by_hand():
    """Five folds: the plain standard error s * sqrt(1/5) becomes s * sqrt(1/5 + 1/4)."""
    plain = scipy.stats.t.interval(0.95, 4, np.mean(FIGURES), scipy.stats.sem(FIGURES))
    low, high = fold_interval(FIGURES, folds=5)
    assert (high + low) / 2 == pytest.approx(np.mean(FIGURES))
    assert (high - low) / (plain[1] - plain[0]) == pytest.approx(1.5)


def test_no_spread_is_no_width():
    assert fold_interval([0.5, 0.5, 0.5], folds=3) == [0.5, 0.5]


def test_paired_test_against_scipy():
    """With the widened error taken out, it is scipy's paired t-test."""
    theirs = [0.5, 0.6, 0.58, 0.6, 0.55]
    t, _ = scipy.stats.ttest_rel(FIGURES, theirs)
    found = fold_test(FIGURES, theirs, folds=5)
    assert found["p"] == pytest.approx(2 * scipy.stats.t.sf(abs(t) / 1.5, 4))
    assert found["gain"] == pytest.approx(np.mean(FIGURES) - np.mean(theirs))
    assert found["interval"] == pytest.approx(fold_interval(np.subtract(FIGURES, theirs), folds=5))


@pytest.mark.parametrize(("theirs", "p"), [(FIGURES, 1.0), ([x - 0.5 for x in FIGURES], 0.0)])
def test_the_same_and_a_constant_gain(theirs, p):
    assert fold_test(FIGURES, theirs, folds=5)["p"] == pytest.approx(p, abs=1e-9)


def test_one_fold_and_unpaired_folds():
    assert fold_test([0.5], [0.25], folds=2) == {"gain": 0.25, "interval": None, "p": None}
    with pytest.raises(ValueError, match=r"must be paired.*2 and 1"):
        fold_test([0.5, 0.6], [0.5], folds=2)

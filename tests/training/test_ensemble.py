import keras
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from mmfusion.training import ensemble

LABELS = np.array([0, 1, 2, 0, 1, 2])


def members(count=2, seed=0, right=0.0):
    """Made-up predictions; `right` pulls each towards the truth."""
    rng = np.random.default_rng(seed)
    said = rng.dirichlet(np.ones(3), size=(count, len(LABELS)))
    return (1 - right) * said + right * np.eye(3)[LABELS]


def tensors(said):
    return [keras.ops.convert_to_tensor(each, "float32") for each in said]


@pytest.mark.parametrize("count", [1, 3])
def test_the_plain_mean(count):
    said = members(count)
    found = ensemble.mean(tensors(said), ensemble.equal_weights(said, LABELS))
    np.testing.assert_allclose(found, said.mean(axis=0), rtol=1e-5)


def test_votes_by_hand():
    said = np.array([[[0.9, 0.1]], [[0.4, 0.6]], [[0.6, 0.4]]])
    np.testing.assert_allclose(ensemble.vote(tensors(said)), [[2 / 3, 1 / 3]], rtol=1e-6)


def test_mixture_weights_are_those_of_the_greatest_likelihood():
    """Against every mixture of two on a fine grid."""
    said = members(2, seed=3, right=0.3)
    truth = said[:, np.arange(6), LABELS]
    grid = np.linspace(0, 1, 10_001)
    likelihood = np.log(grid[:, None] * truth[0] + (1 - grid[:, None]) * truth[1]).sum(axis=1)
    found = ensemble.mixture_weights(said, LABELS)
    assert found.sum() == pytest.approx(1)
    assert found[0] == pytest.approx(grid[likelihood.argmax()], abs=0.01)


def test_one_member_has_all_the_weight():
    np.testing.assert_allclose(ensemble.mixture_weights(members(1), LABELS), [1.0])


@pytest.mark.parametrize("classes", [2, 3])
def test_the_stack_says_what_scikit_learn_says(classes):
    rng = np.random.default_rng(1)
    labels = rng.integers(0, classes, 60)
    said = rng.dirichlet(np.ones(classes), size=(2, 60))
    found = ensemble.stack(tensors(said), *ensemble.fit_stack(said, labels))
    seen = np.concatenate(np.log(said), axis=1)
    expected = LogisticRegression(C=0.1, max_iter=1000).fit(seen, labels).predict_proba(seen)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)


def test_a_stack_needs_each_class():
    with pytest.raises(ValueError, match="Each of 3 classes needs a clip"):
        ensemble.fit_stack(members()[:, :2], LABELS[:2])

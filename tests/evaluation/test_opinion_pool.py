"""How much opinions count: by symmetry, by what is known, and against a search over a grid."""

import numpy as np
import pytest
from scipy.special import softmax

from mmfusion.evaluation.opinion_pool import opinion_weights

LABELS = np.arange(40) % 2
KNOWS = np.where(np.eye(2)[LABELS] > 0, 0.9, 0.1)  # (N, K)
GUESSES = np.where(np.eye(2)[np.arange(40) // 2 % 2] > 0, 0.95, 0.05)  # right on every other clip
BOTH = np.ones((40, 2), bool)


def weights(said, present=BOTH, labels=LABELS):
    return softmax(opinion_weights(labels, np.stack(said), present))


def test_no_clip_leaves_them_equal():
    found = weights([np.zeros((0, 2))] * 3, np.zeros((0, 3), bool), [])
    np.testing.assert_allclose(found, [1 / 3] * 3)


def test_one_opinion_has_all_the_weight():
    np.testing.assert_allclose(weights([KNOWS], BOTH[:, :1]), [1])


def test_equal_opinions_count_the_same():
    np.testing.assert_allclose(weights([KNOWS, KNOWS]), [0.5, 0.5], atol=1e-4)


def test_who_knows_counts_more_whatever_the_order():
    first, second = weights([KNOWS, GUESSES]), weights([GUESSES, KNOWS])
    assert first[0] > 0.8
    np.testing.assert_allclose(first, second[::-1], atol=1e-4)


def test_a_few_clips_silence_nobody():
    assert weights([KNOWS[:4], GUESSES[:4]], BOTH[:4], LABELS[:4])[1] > 0.2


def test_an_opinion_is_judged_where_it_is_present():
    """The guesses count as wrong only on the clips that have them; nothing else of them is read."""
    present = BOTH.copy()
    present[20:, 1] = False
    said = np.stack([KNOWS, np.where(present[:, 1:], GUESSES, 0.5)])
    other = np.stack([KNOWS, np.where(present[:, 1:], GUESSES, [[1.0, 0.0]])])
    found = [opinion_weights(LABELS, each, present) for each in (said, other)]
    np.testing.assert_allclose(*found, atol=1e-4)
    alone = opinion_weights(LABELS[:20], said[:, :20], present[:20])
    np.testing.assert_allclose(found[0], alone, atol=1e-4)


def test_a_clip_without_any_opinion_tells_nothing():
    present = BOTH.copy()
    present[:8] = False
    expected = weights([KNOWS[8:], GUESSES[8:]], BOTH[8:], LABELS[8:])
    np.testing.assert_allclose(weights([KNOWS, GUESSES], present), expected, atol=1e-4)


@pytest.mark.parametrize("clips", [6, 40])
def test_it_is_the_best_of_a_grid(clips):
    labels, said = LABELS[:clips], np.stack([KNOWS[:clips], GUESSES[:clips]])

    def misfit(logits):
        share = softmax(logits)
        pooled = softmax(share[0] * np.log(said[0]) + share[1] * np.log(said[1]), axis=1)
        return -np.log(pooled[np.arange(clips), labels]).sum() + np.square(logits).sum() / 2

    grid = [np.array([x, -x]) for x in np.linspace(-3, 3, 601)]
    best = min(grid, key=misfit)
    np.testing.assert_allclose(opinion_weights(labels, said, BOTH[:clips]), best, atol=0.01)

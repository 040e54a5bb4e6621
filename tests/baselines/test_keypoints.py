import numpy as np
import pytest

from mmfusion.baselines.keypoints import (
    FRAMES,
    KEYPOINTS,
    WORDS,
    count_keypoints,
    describe_keypoints,
)
from mmfusion.features.sift import WIDTH, extract_sift

NOTHING = np.zeros(FRAMES * KEYPOINTS * WIDTH)


def frames(seed, count=3):
    noise = np.random.default_rng(seed).integers(0, 256, (count, 12, 12, 3), np.uint8)
    return noise.repeat(6, axis=1).repeat(6, axis=2)


def test_no_point_is_zeros():
    np.testing.assert_array_equal(describe_keypoints(np.zeros((1, 40, 40, 3), np.uint8)), NOTHING)


def test_the_points_of_a_few_frames_and_zeros():
    found = describe_keypoints(frames(0)).reshape(-1, WIDTH)
    points = np.concatenate(extract_sift(frames(0), most=KEYPOINTS))
    assert 0 < len(points) <= 3 * KEYPOINTS < len(found)
    np.testing.assert_array_equal(found[: len(points)], points)
    assert not found[len(points) :].any()


def test_of_length_one_and_without_points_zero():
    rows = np.stack(
        [describe_keypoints(frames(0)), describe_keypoints(frames(1)), NOTHING, NOTHING]
    )
    rows[3] = np.nan
    train, test = count_keypoints(rows, [0, 1], [2, 3, 0])
    bag, vlad = np.split(train, [WORDS], axis=1)
    np.testing.assert_allclose(np.linalg.norm(bag, axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(vlad, axis=1), 1, rtol=1e-5)
    assert train.shape == (2, WORDS + WORDS * WIDTH)
    assert not test[:2].any()
    np.testing.assert_array_equal(test[2], train[0])


def test_what_is_scored_does_not_change_the_words():
    rows = np.stack([describe_keypoints(frames(seed)) for seed in range(4)])
    some, other = (count_keypoints(rows, [0, 1], test)[0] for test in ([2], [3]))
    np.testing.assert_array_equal(some, other)


@pytest.mark.parametrize("nothing", [0.0, np.nan])
def test_no_point_to_learn_from(nothing):
    rows = np.stack([np.full_like(NOTHING, nothing), describe_keypoints(frames(0))])
    train, test = count_keypoints(rows, [0], [1])
    assert (train.shape, test.shape) == ((1, 0), (1, 0))

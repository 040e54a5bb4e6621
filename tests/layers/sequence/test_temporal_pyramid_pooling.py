"""Mean and greatest of each segment of a clip."""

import numpy as np
import pytest

from mmfusion.layers.sequence.temporal_pyramid_pooling import TemporalPyramidPooling

STEPS = np.array([[[1.0], [3.0], [5.0], [9.0], [-4.0]]])


@pytest.mark.parametrize(
    ("mask", "segments", "means", "greatest"),
    [
        ([0, 0, 0, 0, 0], 2, [0, 0], [0, 0]),
        ([0, 0, 0, 0, 1], 1, [-4], [-4]),
        ([0, 0, 0, 0, 1], 2, [-4, 0], [-4, 0]),
        ([1, 1, 1, 1, 0], 1, [4.5], [9]),
        ([1, 1, 1, 1, 0], 2, [2, 7], [3, 9]),
        ([1, 0, 1, 1, 1], 2, [3, 2.5], [5, 9]),  # among the present steps
        ([1, 1, 1, 1, 1], 2, [3, 2.5], [5, 9]),
    ],
)
def test_by_hand(mask, segments, means, greatest):
    mask = np.array([mask], bool)
    steps = np.where(mask[..., None], STEPS, np.nan)
    np.testing.assert_allclose(
        TemporalPyramidPooling(segments)(steps, mask), [[*means, *greatest]], rtol=1e-6
    )


def test_features_stay_apart():
    pooled = TemporalPyramidPooling(2)(np.arange(8.0).reshape(1, 4, 2), np.ones((1, 4), bool))
    np.testing.assert_allclose(pooled, [[1, 2, 5, 6, 2, 3, 6, 7]])


def test_refuses_no_phase():
    with pytest.raises(ValueError, match=r"`segments` must be at least 1.*segments=0"):
        TemporalPyramidPooling(0)

"""Concatenation: the mean features of all modalities, side by side."""

import numpy as np

from mmfusion.fusion.concat import ConcatFusion


def test_lays_means_side_by_side_by_name():
    features = {
        "video": np.array([[[1.0, 2.0], [3.0, 6.0]]]),
        "audio": np.array([[[7.0], [np.nan], [9.0]]]),
        "text": np.array([[[5.0]]]),
    }
    masks = {
        "video": np.array([[True, True]]),
        "audio": np.array([[True, False, True]]),
        "text": np.array([[False]]),
    }
    fused = ConcatFusion()(features, masks)
    np.testing.assert_array_equal(fused, [[8.0, 0.0, 2.0, 4.0]])

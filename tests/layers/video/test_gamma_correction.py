import numpy as np
import pytest

from mmfusion.layers.video.gamma_correction import GammaCorrection
from mmfusion.preprocessing.low_light import correct_gamma


@pytest.mark.parametrize("brightest", [1, 3, 90, 256])
def test_equals_the_step_of_cleaning(brightest):
    mask = np.array([[True, False, True], [True] * 3, [False] * 3])
    frames = np.random.default_rng(0).integers(0, brightest, (3, 3, 8, 9, 3), np.uint8)
    found = GammaCorrection()(frames, mask).numpy()
    assert found.dtype == np.uint8
    assert not found[~mask].any()
    for k in range(2):
        by_hand = correct_gamma(frames[k][mask[k]])
        np.testing.assert_allclose(found[k][mask[k]].astype(int), by_hand, atol=1)
        assert (found[k][mask[k]] != by_hand).mean() < 0.001

import os
from pathlib import Path

import numpy as np
import pytest

from mmfusion.baselines.cnn_features import CNN_SETS, describe_smaller

SHARED = Path(os.environ.get("MMFUSION_SHARED", Path(__file__).parents[2] / "shared"))
WEIGHTS = SHARED / "weights" / "efficientnet_lite0_imagenet.npz"
SETTINGS = {"backbone": "efficientnet-lite0", "weights": str(WEIGHTS)}


@pytest.mark.skipif(not WEIGHTS.is_file(), reason="the weights of ImageNet are not on this machine")
@pytest.mark.parametrize("name", CNN_SETS)
def test_one_vector_of_any_clip(name):
    found = []
    for shape in ((1, 30, 40, 3), (12, 30, 40, 3)):
        frames = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
        found.append(CNN_SETS[name](frames, **SETTINGS))
        assert found[-1].shape == (1280,)
        assert np.isfinite(found[-1]).all()
    assert np.abs(found[0] - found[1]).max() > 0.01


def test_other_feature_sets_take_smaller_frames():
    frames = np.arange(16, dtype="uint8").reshape(1, 4, 4, 1).repeat(3, axis=-1)
    seen = describe_smaller(lambda small: small[..., 0], 2, frames)
    np.testing.assert_array_equal(seen, [[[3, 5], [11, 13]]])  # means of four

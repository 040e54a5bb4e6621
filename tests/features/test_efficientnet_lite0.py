import os
from pathlib import Path

import numpy as np
import pytest

from mmfusion.features.efficientnet_lite0 import efficientnet_lite0

SHARED = Path(os.environ.get("MMFUSION_SHARED", Path(__file__).parents[3] / "shared")) / "weights"
needs_weights = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the weights of ImageNet are not on this machine"
)


def test_as_large_as_published():
    assert efficientnet_lite0(top=True).count_params() == 4_694_024  # with moving statistics
    assert efficientnet_lite0(size_px=64).output_shape == (None, 1280)


@needs_weights
@pytest.mark.parametrize(("top", "expected"), [(True, "logits"), (False, "features")])
def test_equals_the_network_it_was_trained_as(top, expected):
    pictures = np.random.default_rng(0).random((2, 224, 224, 3), dtype=np.float32) * 2 - 1
    model = efficientnet_lite0(SHARED / "efficientnet_lite0_imagenet.npz", top=top)
    with np.load(SHARED / "efficientnet_lite0_parity.npz") as parity:
        np.testing.assert_allclose(model(pictures), parity[expected], atol=1e-3)


def test_missing_weights(tmp_path):
    with pytest.raises(FileNotFoundError, match="No weights at this path"):
        efficientnet_lite0(tmp_path / "none.npz", size_px=32)


@pytest.mark.parametrize("content", ["text", "other names", "other shapes"])
def test_other_weights(tmp_path, content):
    path = tmp_path / "weights.npz"
    if content == "text":
        path.write_text("not an archive")
    else:
        name = "_conv_stem.weight" if content == "other shapes" else "conv1"
        np.savez(path, **{name: np.zeros((1, 1, 1, 1))})
    with pytest.raises(ValueError, match=r"weights.npz: not weights of efficientnet_lite0"):
        efficientnet_lite0(path, size_px=32)

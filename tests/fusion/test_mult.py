"""MulT: every modality translated into every other, pair by pair."""

import numpy as np
import pytest

from mmfusion.fusion.mult import MulTFusion


@pytest.mark.parametrize(("names", "pairs"), [("a", 0), ("ab", 2), ("abc", 6)])
def test_has_a_block_for_each_ordered_pair(names, pairs):
    features = {name: np.ones((1, 2 + at, 3)) for at, name in enumerate(names)}
    masks = {name: np.ones((1, 2 + at), bool) for at, name in enumerate(names)}
    fusion = MulTFusion(4, heads=2)
    fused, scores = fusion(features, masks, return_attention_scores=True)
    assert fused.shape == (1, 4)
    assert len(scores) == pairs
    for pair, score in scores.items():
        target, source = (features[name].shape[1] for name in pair.split("<-"))
        assert score.shape == (1, 2, target, source)


def test_nothing_is_gathered_from_an_absent_source():
    rng = np.random.default_rng(0)
    features = {"a": rng.normal(size=(1, 2, 3)), "b": rng.normal(size=(1, 4, 3))}
    masks = {"a": np.ones((1, 2), bool), "b": np.zeros((1, 4), bool)}
    fusion = MulTFusion(4, heads=2)
    fused = fusion(features, masks)
    rows = fusion.joint.kernel[:4]  # those of a; of b there is nothing
    silent = np.zeros((1, 2, 4), "float32")
    encoded = fusion.encode["a"](silent, silent, masks["a"]).numpy().mean(1)
    np.testing.assert_allclose(fused, encoded @ rows + fusion.joint.bias, atol=1e-6)

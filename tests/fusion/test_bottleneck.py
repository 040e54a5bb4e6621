"""Bottleneck fusion: modalities exchange only what passes through a few shared tokens."""

import numpy as np
import pytest

from mmfusion.fusion.bottleneck import BottleneckFusion


def clip(seed):
    rng = np.random.default_rng(seed)
    features = {"a": rng.normal(size=(1, 2, 3)), "b": rng.normal(size=(1, 4, 3))}
    return features, {"a": np.ones((1, 2), bool), "b": np.ones((1, 4), bool)}


def test_an_absent_modality_is_as_if_it_were_not_there():
    features, masks = clip(0)
    masks["b"][:] = False
    fusion, alone = (BottleneckFusion(4, tokens=2, heads=2) for _ in range(2))
    with_absent = fusion(features, masks)
    only = {"a": features["a"]}, {"a": masks["a"]}
    alone(*only)
    alone.shared.assign(fusion.shared)
    alone.modality_tokens.project["a"].set_weights(
        fusion.modality_tokens.project["a"].get_weights()
    )
    for name, mine in alone.encoders.items():
        mine.set_weights(fusion.encoders[name].get_weights())
    np.testing.assert_allclose(alone(*only), with_absent, atol=1e-6)


def test_blocks_must_be_enough_to_exchange():
    with pytest.raises(ValueError, match="Received: blocks=1"):
        BottleneckFusion(4, blocks=1)

"""Cross-attention: every modality looks at the steps of all the others."""

import numpy as np

from mmfusion.fusion.cross_attention import CrossAttentionFusion


def clip(**steps):
    rng = np.random.default_rng(0)
    features = {name: rng.normal(size=(1, count, 3)) for name, count in steps.items()}
    return features, {name: np.ones((1, count), bool) for name, count in steps.items()}


def test_looks_at_the_valid_steps_of_the_others_only():
    features, masks = clip(a=2, b=3, c=4)
    masks["b"][0, 1] = False
    fusion = CrossAttentionFusion(4, heads=2)
    _, scores = fusion(features, masks, return_attention_scores=True)
    assert {name: tuple(score.shape) for name, score in scores.items()} == {
        "a": (1, 2, 2, 7),
        "b": (1, 2, 3, 6),
        "c": (1, 2, 4, 5),
    }
    seen = scores["a"].numpy()  # b, b (absent), b, c, c, c, c
    np.testing.assert_allclose(seen.sum(-1), 1, rtol=1e-5)
    assert not seen[..., 1].any()
    assert (np.delete(seen, 1, -1) > 0).all()


def test_is_the_mean_of_the_modalities_present():
    features, masks = clip(a=2, b=3)
    fusion = CrossAttentionFusion(4, heads=2)
    fused = fusion(features, masks)
    tokens = fusion.tokens(features, masks)
    seen = {"a": tokens["b"], "b": tokens["a"]}
    other = {"a": masks["b"], "b": masks["a"]}
    means = [
        fusion.blocks[name](tokens[name], seen[name], other[name]).numpy().mean(1) for name in "ab"
    ]
    np.testing.assert_allclose(fused, np.mean(means, axis=0), atol=1e-5)

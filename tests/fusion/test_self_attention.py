"""Self-attention: the steps of all modalities as one sequence, all looking at all."""

import numpy as np

from mmfusion.fusion.self_attention import SelfAttentionFusion


def test_every_step_looks_at_all_valid_steps_of_all_modalities():
    rng = np.random.default_rng(0)
    features = {"a": rng.normal(size=(1, 2, 3)), "b": rng.normal(size=(1, 3, 2))}
    masks = {"a": np.array([[True, False]]), "b": np.ones((1, 3), bool)}
    fusion = SelfAttentionFusion(4, heads=2)
    _, scores = fusion(features, masks, return_attention_scores=True)
    assert scores.shape == (1, 2, 5, 5)
    np.testing.assert_allclose(scores.numpy().sum(-1), 1, rtol=1e-5)
    assert not scores[..., 1].numpy().any()
    assert (np.delete(scores.numpy(), 1, -1) > 0).all()


def test_an_absent_modality_is_as_if_it_were_not_there():
    rng = np.random.default_rng(0)
    features = {"a": rng.normal(size=(1, 2, 3)), "b": rng.normal(size=(1, 3, 2))}
    masks = {"a": np.ones((1, 2), bool), "b": np.zeros((1, 3), bool)}
    fusion, alone = (SelfAttentionFusion(4, heads=2, blocks=2) for _ in range(2))
    with_absent = fusion(features, masks)
    alone({"a": features["a"]}, {"a": masks["a"]})
    alone.tokens.project["a"].set_weights(fusion.tokens.project["a"].get_weights())
    for mine, its in zip(alone.encoder, fusion.encoder, strict=True):
        mine.set_weights(its.get_weights())
    np.testing.assert_allclose(
        alone({"a": features["a"]}, {"a": masks["a"]}), with_absent, atol=1e-6
    )

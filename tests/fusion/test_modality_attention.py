"""Modality attention: how much each modality of a clip is worth."""

import numpy as np
import pytest

from mmfusion.fusion.modality_attention import ModalityAttentionFusion


@pytest.mark.parametrize(
    ("present", "weights"),
    [
        ([False, False], [0.0, 0.0]),
        ([False, True], [0.0, 1.0]),
        ([True, True], np.exp([0.5, -0.5]) / np.exp([0.5, -0.5]).sum()),
    ],
)
def test_weights_are_the_softmax_of_scores(present, weights):
    fusion = ModalityAttentionFusion(1)
    values = np.arctanh([0.25, -0.25])  # tanh brings them back
    features = {"a": np.full((1, 2, 1), values[0]), "b": np.full((1, 3, 1), values[1])}
    masks = {"a": np.full((1, 2), present[0]), "b": np.full((1, 3), present[1])}
    fusion(features, masks)
    for project in fusion.vectors.project.values():
        project.set_weights([np.ones((1, 1)), np.zeros(1)])
    fusion.score.set_weights([np.array([[2.0]])])
    fused, scores = fusion(features, masks, return_attention_scores=True)
    np.testing.assert_allclose(scores, [weights], rtol=1e-5)
    np.testing.assert_allclose(fused, [[np.dot(weights, [0.25, -0.25])]], rtol=1e-5)

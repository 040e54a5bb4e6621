"""Gated fusion: each feature of each modality passes a gate that sees all modalities."""

import numpy as np
import pytest

from mmfusion.fusion.gated import GatedFusion

POOLED = (0.4 + 0.6 * np.exp(0.2)) / (1 + np.exp(0.2))


@pytest.mark.parametrize(
    ("audio", "video", "expected"),
    [
        (False, False, 0.0),
        (True, False, 0.25 * np.tanh(0.3)),
        (False, True, 0.75 * np.tanh(POOLED)),
        (True, True, 0.25 * np.tanh(0.3) + 0.75 * np.tanh(POOLED)),
    ],
)
def test_equals_hand_computed_numbers(audio, video, expected):
    fusion = GatedFusion(1)
    features = {"audio": np.array([[[0.3]]]), "video": np.array([[[0.4], [0.6]]])}
    masks = {"audio": np.array([[audio]]), "video": np.array([[video, video]])}
    fusion(features, masks)
    for project in fusion.vectors.project.values():
        project.set_weights([np.ones((1, 1)), np.zeros(1)])
    fusion.gate.set_weights([np.zeros((2, 2)), np.log([1 / 3, 3.0])])
    np.testing.assert_allclose(fusion(features, masks), [[expected]], rtol=1e-5)

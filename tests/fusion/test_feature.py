"""Feature-level fusion: every modality encoded, then all of them together."""

import numpy as np

from mmfusion.fusion.feature import FeatureFusion


def test_equals_hand_computed_numbers():
    fusion = FeatureFusion(1)
    features = {"audio": np.array([[[2.0], [4.0]]]), "video": np.array([[[-1.0]]])}
    masks = {"audio": np.ones((1, 2), bool), "video": np.ones((1, 1), bool)}
    fusion(features, masks)
    pooled = (2 + 4 * np.e**2) / (1 + np.e**2)
    fusion.vectors.project["audio"].set_weights([np.array([[2.0]]), np.array([1.0])])
    fusion.vectors.project["video"].set_weights([np.array([[1.0]]), np.zeros(1)])  # relu(-1)
    fusion.joint.set_weights([np.array([[10.0], [100.0]]), np.array([0.5])])
    expected = 10 * (2 * pooled + 1) + 0.5
    np.testing.assert_allclose(fusion(features, masks), [[expected]], rtol=1e-6)

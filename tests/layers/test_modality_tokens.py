"""Every step of every modality as a token of one width."""

import numpy as np

from mmfusion.layers.modality_tokens import ModalityTokens


def test_projects_and_adds_the_place():
    layer = ModalityTokens(2)
    layer.build({"a": (1, 3, 1)}, {"a": (1, 3)})
    layer.project["a"].set_weights([np.array([[1.0, 10.0]]), np.array([0.5, 0.0])])
    values = {"a": np.array([[[1.0], [2.0], [np.nan]]])}
    tokens = layer(values, {"a": np.array([[True, True, False]])})
    expected = [[[1.5, 11.0], [2.5 + np.sin(1), 20 + np.cos(1)], [0.0, 0.0]]]
    np.testing.assert_allclose(tokens["a"], expected, rtol=1e-6)

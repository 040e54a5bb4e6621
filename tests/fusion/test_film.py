"""FiLM: the features of one modality scaled and shifted by what all the others say."""

import numpy as np
import pytest

from mmfusion.fusion.film import FiLMFusion


def make(features, masks, target="b"):
    """The other modality says 2; features are scaled by 1 + 10 * 2 and moved by 2 + 1."""
    fusion = FiLMFusion(1, target=target)
    fusion(features, masks)
    fusion.project.set_weights([np.ones((1, 1)), np.zeros(1)])
    fusion.vectors.project["a"].set_weights([np.ones((1, 1)), np.zeros(1)])
    fusion.modulate.set_weights([np.array([[10.0, 1.0]]), np.array([0.0, 1.0])])
    return fusion


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (False, False, 1.0),  # relu(1)
        (False, True, 5.0),  # mean of relu(3 + 1) and relu(5 + 1)
        (True, False, 3.0),  # relu(2 + 1)
        (True, True, (21 * 3 + 3 + 21 * 5 + 3) / 2),
    ],
)
def test_equals_hand_computed_numbers(a, b, expected):
    features = {"a": np.array([[[2.0]]]), "b": np.array([[[3.0], [5.0]]])}
    masks = {"a": np.array([[a]]), "b": np.array([[b, b]])}
    np.testing.assert_allclose(make(features, masks)(features, masks), [[expected]])


def test_a_map_is_averaged_after_it_was_modulated():
    features = {"a": np.array([[[2.0]]]), "b": np.array([[[[[-1.0], [1.0]]]]])}
    masks = {"a": np.array([[True]]), "b": np.array([[True]])}
    np.testing.assert_allclose(make(features, masks)(features, masks), [[(0 + 24) / 2]])


def test_target_must_be_there():
    features, masks = {"a": np.ones((1, 1, 1))}, {"a": np.ones((1, 1), bool)}
    with pytest.raises(ValueError, match="Received: 'c'"):
        FiLMFusion(1, target="c")(features, masks)

"""Spatial fusion: sound, colour and texture laid over the places of a picture."""

import numpy as np
import pytest

from mmfusion.fusion.spatial import SpatialFusion


@pytest.fixture
def fusion():
    """A picture of two places and a sound, both one number, added up as they are."""
    fusion = SpatialFusion(1)
    fusion.build({"audio": (1, 1, 1), "video": (1, 1, 1, 2, 1)}, {})
    for project in fusion.project.values():
        project.set_weights([np.ones((1, 1)), np.zeros(1)])
    return fusion


@pytest.mark.parametrize(("score", "weights"), [(0.0, [0.5, 0.5]), (100.0, [0.0, 1.0])])
def test_sound_stands_at_every_place_and_places_are_weighed(fusion, score, weights):
    fusion.score.set_weights([np.array([[score]])])
    features = {"audio": np.array([[[0.25]]]), "video": np.array([[[[[0.0], [0.5]]]]])}
    masks = {"audio": np.ones((1, 1), bool), "video": np.ones((1, 1), bool)}
    fused, places = fusion(features, masks, return_attention_scores=True)
    np.testing.assert_allclose(places, [[[weights]]], atol=1e-6)
    np.testing.assert_allclose(fused, [[[np.dot(weights, [0.25, 0.75])]]], atol=1e-6)


def test_maps_are_brought_to_the_largest_grid(fusion):
    fusion = SpatialFusion(2)
    features = {
        "a": np.ones((2, 3, 4, 6, 1)),
        "b": np.ones((2, 3, 2, 3, 5)),
        "c": np.ones((2, 3, 7)),
    }
    masks = {name: np.ones((2, 3), bool) for name in features}
    fused, places = fusion(features, masks, return_attention_scores=True)
    assert fused.shape == (2, 3, 2)
    assert places.shape == (2, 3, 4, 6)
    np.testing.assert_allclose(places, 1 / 24, rtol=1e-5)  # all places are alike

"""One vector for each modality."""

import numpy as np

from mmfusion.layers.modality_vectors import ModalityVectors


def test_pools_valid_steps_and_projects():
    layer = ModalityVectors(1, activation="relu")
    features = {"b": np.array([[[1.0, 2.0], [3.0, 4.0]]]), "a": np.array([[[5.0], [np.nan]]])}
    masks = {"b": np.array([[True, True]]), "a": np.array([[True, False]])}
    layer.build({"b": (1, 2, 2), "a": (1, 2, 1)}, {"b": (1, 2), "a": (1, 2)})
    layer.project["a"].set_weights([np.array([[-2.0]]), np.array([3.0])])
    layer.project["b"].set_weights([np.array([[10.0], [1.0]]), np.array([0.5])])
    vectors, present = layer(features, masks)
    first, last = 1 / (1 + np.e**2), 1 / (1 + np.e**-2)  # softmax of 1 and 3, and of 2 and 4
    expected = 10 * (first + 3 * last) + (2 * first + 4 * last) + 0.5
    np.testing.assert_allclose(vectors, [[[0.0], [expected]]], rtol=1e-6)
    np.testing.assert_array_equal(present, [[True, True]])


def test_absent_is_zero_even_with_a_bias():
    layer = ModalityVectors(2)
    layer.build({"a": (1, 2, 1)}, {"a": (1, 2)})
    layer.project["a"].set_weights([np.array([[1.0, 1.0]]), np.array([5.0, 5.0])])
    vectors, present = layer({"a": np.ones((1, 2, 1))}, {"a": np.zeros((1, 2), bool)})
    np.testing.assert_array_equal(vectors, [[[0.0, 0.0]]])
    np.testing.assert_array_equal(present, [[False]])

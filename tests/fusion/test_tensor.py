"""Tensor fusion: the outer product of all modalities."""

import numpy as np
import pytest

from mmfusion.fusion.tensor import TensorFusion


@pytest.mark.parametrize("modalities", ["a", "ab", "abc"])
def test_equals_numpy_outer_products(modalities):
    rng = np.random.default_rng(0)
    features = {name: rng.normal(size=(1, 1, 2)) for name in modalities}
    masks = {name: np.ones((1, 1), bool) for name in modalities}
    fusion = TensorFusion(4, width=2)
    fusion(features, masks)
    product = np.ones(1)
    for name in modalities:
        fusion.vectors.project[name].set_weights([np.eye(2), np.zeros(2)])
        product = np.multiply.outer(product, [1, *np.tanh(features[name][0, 0])]).ravel()
    kernel, bias = fusion.joint.get_weights()
    expected = np.maximum(product @ kernel + bias, 0)
    np.testing.assert_allclose(fusion(features, masks)[0], expected, atol=1e-6)


def test_refuses_a_product_that_would_not_fit():
    features = {name: np.ones((1, 1, 2)) for name in "abcdef"}
    masks = {name: np.ones((1, 1), bool) for name in "abcdef"}
    with pytest.raises(ValueError, match="Received: width=8, M=6"):
        TensorFusion(4)(features, masks)

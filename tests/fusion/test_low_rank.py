"""Low-rank fusion: what the outer product of all modalities can say, at linear cost."""

import numpy as np
import pytest

from mmfusion.fusion.low_rank import LowRankFusion


@pytest.mark.parametrize("present", [[False, False], [True, False], [True, True]])
def test_equals_the_full_tensor_of_its_factors(present):
    rng = np.random.default_rng(0)
    fusion = LowRankFusion(3, rank=2)
    features = {"a": rng.normal(size=(1, 1, 4)), "b": rng.normal(size=(1, 1, 5))}
    masks = {"a": np.array([[present[0]]]), "b": np.array([[present[1]]])}
    fusion(features, masks)
    tensors, vectors = [], []
    for name, here in zip("ab", present, strict=True):
        kernel, bias = fusion.factors.project[name].get_weights()
        tensors.append(np.vstack([1 + here * bias, kernel]).reshape(-1, 3, 2))  # (1 + D_m, D, R)
        vectors.append(np.array([1, *(here * features[name][0, 0])]))
    weights = fusion.weigh.kernel.numpy()[:, 0]
    full = np.einsum("idr,jdr,r->ijd", *tensors, weights)
    expected = np.einsum("i,j,ijd->d", *vectors, full) + fusion.bias.numpy()
    np.testing.assert_allclose(fusion(features, masks)[0], expected, atol=1e-5)

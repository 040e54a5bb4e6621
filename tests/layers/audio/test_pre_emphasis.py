import numpy as np

from mmfusion.layers.audio.pre_emphasis import PreEmphasis
from mmfusion.preprocessing.filters import pre_emphasise


def test_equals_the_step_of_cleaning():
    mask = np.array([[True, False, True, True], [True] * 4])
    samples = np.random.default_rng(0).normal(size=(2, 4, 50)).astype("float32")
    found = PreEmphasis(coefficient=0.9)(samples, mask).numpy()
    here = mask[..., None]
    for k in range(2):
        whole = pre_emphasise((samples * here)[k].ravel(), coefficient=0.9).reshape(4, 50)
        np.testing.assert_allclose(found[k], whole * here[k], atol=1e-6)

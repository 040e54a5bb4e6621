"""How far each step is from the mean of its clip, and from the step before."""

import numpy as np
import pytest

from mmfusion.layers.sequence.delta_features import DeltaFeatures


@pytest.mark.parametrize(
    ("steps", "mask", "place", "change"),
    [
        ([7], [1], [0], [0]),
        ([7, 9], [0, 0], [0, 0], [0, 0]),
        ([1, 3, 8], [1, 1, 1], [-3, -1, 4], [0, 4, 10]),
        ([1, np.nan, 3, 8], [1, 0, 1, 1], [-3, 0, -1, 4], [0, 0, 0, 10]),
    ],
)
def test_by_hand(steps, mask, place, change):
    moved = DeltaFeatures(gain=2.0)(
        np.array(steps, "float32")[None, :, None], np.array([mask], bool)
    )
    np.testing.assert_allclose(moved, np.stack([place, change], axis=-1)[None], atol=1e-6)


def test_where_somebody_stands_is_gone():
    rng = np.random.default_rng(0)
    steps, mask = rng.normal(size=(1, 6, 3)), np.ones((1, 6), bool)
    np.testing.assert_allclose(
        DeltaFeatures()(steps, mask), DeltaFeatures()(steps + 50, mask), atol=1e-4
    )


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_keeps_small_changes_of_large_numbers(policy):
    steps = 1000 + np.random.default_rng(0).normal(size=(1, 6, 3))
    mask = np.ones((1, 6), bool)
    half = DeltaFeatures(dtype=policy)(steps, mask).numpy()
    assert half.dtype == policy.removeprefix("mixed_")
    np.testing.assert_allclose(
        half.astype("float32"), DeltaFeatures()(steps, mask), rtol=0.01, atol=1e-3
    )

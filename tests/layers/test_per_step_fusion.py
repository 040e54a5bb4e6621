"""A fusion applied to each step by itself."""

import keras
import numpy as np
import pytest

from mmfusion.fusion import ConcatFusion, GatedFusion, MulTFusion, TemporalFusion
from mmfusion.layers.per_step_fusion import PerStepFusion


def steps(seed=0):
    rng = np.random.default_rng(seed)
    features = {"a": rng.normal(size=(2, 3, 4)), "b": rng.normal(size=(2, 3, 2))}
    return features, {"a": rng.random((2, 3)) < 0.7, "b": np.ones((2, 3), bool)}


def test_concatenates_what_stands_in_the_same_step():
    features, masks = steps()
    fused = PerStepFusion(ConcatFusion())(features, masks)
    kept = np.where(masks["a"][..., None], features["a"], 0)
    np.testing.assert_allclose(fused, np.concatenate([kept, features["b"]], axis=-1), rtol=1e-6)


@pytest.mark.parametrize("fusion", [GatedFusion, MulTFusion, TemporalFusion])
def test_no_step_sees_another(fusion):
    layer = PerStepFusion(fusion(4))
    features, masks = steps()
    before = np.array(layer(features, masks))
    features["b"][:, 1] += 1
    changed = np.abs(np.array(layer(features, masks)) - before).max(axis=(0, 2)) > 1e-6
    assert changed.tolist() == [False, True, False]


def test_survives_saving_with_any_number_of_steps(tmp_path):
    inputs = {name: keras.Input((None, 4), name=name) for name in "ab"}
    masks = {name: keras.Input((None,), dtype="bool", name=f"{name}_mask") for name in "ab"}
    fused = PerStepFusion(GatedFusion(3))(inputs, masks)
    model = keras.Model({**inputs, **{f"{k}_mask": mask for k, mask in masks.items()}}, fused)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    values = {name: np.ones((1, 5, 4)) for name in "ab"}
    values |= {f"{name}_mask": np.ones((1, 5), bool) for name in "ab"}
    assert again(values).shape == (1, 5, 3)
    np.testing.assert_array_equal(again(values), model(values))

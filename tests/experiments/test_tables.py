import keras
import numpy as np
import pytest

from mmfusion.apps.runs.fusions import FUSIONS


@pytest.mark.parametrize("name", FUSIONS)
def test_every_name_makes_a_fusion_of_branches(name):
    features = {branch: np.ones((2, 3, 4), "float32") for branch in ("audio", "text", "video")}
    masks = {branch: np.ones((2, 3), bool) for branch in features}
    fused = FUSIONS[name](4)(features, masks)
    assert fused.shape[0] == 2
    assert fused.shape[-1] == (12 if name == "concat" else 4)
    assert np.isfinite(keras.ops.convert_to_numpy(fused)).all()

"""The objects behind the names."""

import keras
import numpy as np
import pytest

from mmfusion import fusion
from mmfusion.experiments.tables import FUSIONS, SCALINGS, SCHEDULES
from mmfusion.options.optimisation import Optimisation


@pytest.mark.parametrize("name", FUSIONS)
def test_every_name_makes_a_fusion_of_branches(name):
    features = {branch: np.ones((2, 3, 4), "float32") for branch in ("audio", "text", "video")}
    masks = {branch: np.ones((2, 3), bool) for branch in features}
    fused = FUSIONS[name](4)(features, masks)
    assert fused.shape[0] == 2
    assert fused.shape[-1] == (12 if name == "concat" else 4)
    assert np.isfinite(keras.ops.convert_to_numpy(fused)).all()


def test_every_fusion_has_a_name():
    named = {type(make(4)).__name__ for make in FUSIONS.values()}
    assert named == set(fusion.__all__)


@pytest.mark.parametrize(
    ("name", "offset", "scale"),
    [("min_max", 0, 8), ("robust", 2, 3.5), ("z_score", 3, np.sqrt(9.5))],
)
def test_scalings_by_hand(name, offset, scale):
    scaling = SCALINGS[name]([np.array([[0.0], [1.0], [3.0], [8.0]])])
    np.testing.assert_allclose([*scaling.offset, *scaling.scale], [offset, scale])


@pytest.mark.parametrize("name", SCHEDULES)
def test_no_schedule_goes_above_the_learning_rate(name):
    how = Optimisation(schedule=name, snapshots=2)
    schedule = SCHEDULES[name](0.5, 20, how)
    rates = [float(schedule(at)) for at in range(20)] if callable(schedule) else [schedule]
    assert max(rates) == pytest.approx(0.5)
    assert min(rates) >= 0

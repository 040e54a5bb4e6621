"""Decision-level fusion: every modality decides alone, and the decisions are averaged."""

import numpy as np
import pytest

from mmfusion.fusion.decision import DecisionFusion

FEATURES = {"a": np.array([[[0.2, 0.8]]]), "b": np.array([[[0.6, 0.4]]])}


@pytest.mark.parametrize(
    ("present", "logits", "expected"),
    [
        ([False, False], [0.0, 0.0], [0.0, 0.0]),
        ([True, False], [0.0, 0.0], [0.2, 0.8]),
        ([True, True], [0.0, 0.0], [0.4, 0.6]),
        ([True, True], np.log([1.0, 3.0]), [0.5, 0.5]),
    ],
)
def test_averages_the_decisions_of_those_present(present, logits, expected):
    fusion = DecisionFusion(2, learned=True)
    masks = {"a": np.array([[present[0]]]), "b": np.array([[present[1]]])}
    fusion(FEATURES, masks)
    for project in fusion.decisions.project.values():
        project.set_weights([np.eye(2), np.zeros(2)])
    fusion.logits.assign(logits)
    np.testing.assert_allclose(fusion(FEATURES, masks)[0], expected, rtol=1e-5)


@pytest.mark.parametrize("learned", [True, False])
def test_weights_are_learned_only_where_asked(learned):
    fusion = DecisionFusion(2, learned=learned)
    fusion(FEATURES, {name: np.ones((1, 1), bool) for name in FEATURES})
    assert fusion.logits.trainable == learned

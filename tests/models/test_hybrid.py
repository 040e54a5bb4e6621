"""Early, late and hybrid fusion."""

import keras
import numpy as np
import pytest

from mmfusion.models.hybrid import early, hybrid, late


@pytest.mark.parametrize("family", [early, late, hybrid])
def test_gives_probabilities_under_their_name(family, pair, branches, values, never_read):
    model = family(pair, classes=3, branches=branches)
    outputs = model(values).numpy()
    np.testing.assert_allclose(outputs.sum(axis=1), np.ones(5), rtol=1e-5)
    assert model.layers[-1].name == "probabilities"
    never_read(model)


def test_late_is_the_mean_of_what_each_says_alone(pair, branches, values):
    model = late(pair, classes=3, branches=branches, learned=False)
    alone = []
    for name in ("audio", "video"):
        masks = {f"{name}_mask": np.zeros((5, 4), bool)}
        alone.append(model({**values, **masks}).numpy())
    np.testing.assert_allclose(model(values), (alone[0] + alone[1]) / 2, rtol=1e-5)


def test_hybrid_is_the_mean_of_both_decisions(pair, branches, values):
    model = hybrid(pair, classes=3, branches=branches)
    parts = [model.get_layer(name).output for name in ("together", "late")]
    inner = keras.Model(model.input, parts)
    together, decided = inner(values)
    np.testing.assert_allclose(model(values), (together + decided) / 2, rtol=1e-5)

"""Sequences to the probabilities of classes at every step."""

import keras
import numpy as np
import pytest

from mmfusion.experiments.tables import FUSIONS
from mmfusion.models.contextual import contextual


def make(fusion=None):
    keras.utils.set_random_seed(0)
    inputs = {name: keras.Input((None, 3), name=name) for name in ("audio", "text")}
    masks = {f"{n}_mask": keras.Input((None,), dtype="bool", name=f"{n}_mask") for n in inputs}
    return contextual(inputs | masks, classes=2, fusion=fusion, units=4)


def batch(steps=5):
    rng = np.random.default_rng(0)
    values = {name: rng.normal(size=(2, steps, 3)).astype("float32") for name in ("audio", "text")}
    return values | {f"{name}_mask": np.ones((2, steps), bool) for name in ("audio", "text")}


@pytest.mark.parametrize("name", sorted(FUSIONS))
def test_labels_every_step_with_any_fusion(name):
    outputs = make(FUSIONS[name](4))(batch()).numpy()
    assert outputs.shape == (2, 5, 2)
    np.testing.assert_allclose(outputs.sum(axis=-1), 1, rtol=1e-5)


def test_a_step_sees_its_neighbours_but_not_another_sequence():
    model, values = make(), batch()
    before = model(values).numpy()
    values["text"][0, 4] += 2
    changed = np.abs(model(values).numpy() - before).max(axis=-1) > 1e-6
    assert changed[0].all()
    assert not changed[1].any()


def test_padding_changes_nothing():
    model, long, short = make(), batch(), {}
    for name, value in batch().items():
        short[name] = value[:, :3]
        if name.endswith("_mask"):
            long[name][:, 3:] = False
        else:
            long[name][:, 3:] = np.nan
    np.testing.assert_allclose(model(long)[:, :3], model(short), atol=1e-6)

"""A transformer encoder over the steps of a clip."""

import keras
import numpy as np

from mmfusion.branches.transformer import transformer


def test_every_step_looks_at_all_and_knows_its_place():
    keras.utils.set_random_seed(0)
    inputs, mask = keras.Input((4, 2), name="x"), keras.Input((4,), dtype="bool")
    model = keras.Model([inputs, mask], transformer(inputs, mask, units=8, heads=2, blocks=1)[0])
    whole = np.ones((1, 4), bool)
    values = np.random.default_rng(0).normal(size=(1, 4, 2))
    before = model([values, whole]).numpy()
    turned = model([values[:, ::-1], whole]).numpy()[:, ::-1]
    assert np.abs(before - turned).max() > 1e-3
    values[:, 3] += 1
    assert (np.abs(model([values, whole]).numpy() - before).max(axis=-1) > 1e-6).all()

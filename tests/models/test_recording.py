"""Whole recordings to the probabilities of classes."""

import keras
import numpy as np
import pytest

from mmfusion import fusion
from mmfusion.models.recording import recording

SHAPES = {"depth": (4, 24, 24, 2), "face": (1, 5), "inertial": (8, 3), "sound": (4, 6, 8)}


def inputs_of(*names):
    inputs = {name: keras.Input(SHAPES[name], name=name) for name in names}
    masks = {f"{n}_mask": keras.Input(SHAPES[n][:1], dtype="bool", name=f"{n}_mask") for n in names}
    return inputs | masks


def batch(*names):
    rng = np.random.default_rng(0)
    values = {name: rng.normal(size=(2, *SHAPES[name])).astype("float32") for name in names}
    return values | {f"{name}_mask": np.ones((2, SHAPES[name][0]), bool) for name in names}


def test_reads_every_kind_of_modality():
    model = recording(inputs_of(*SHAPES), classes=3, units=4)
    outputs = model.predict(batch(*SHAPES), verbose=0)
    assert outputs.dtype == np.float32
    np.testing.assert_allclose(outputs.sum(axis=1), [1, 1], rtol=1e-6)


@pytest.mark.parametrize("name", sorted(set(fusion.__all__)))
def test_any_fusion_brings_unlike_steps_together(name):
    layer = fusion.ConcatFusion() if name == "ConcatFusion" else getattr(fusion, name)(4)
    model = recording(inputs_of("face", "inertial"), classes=3, fusion=layer, units=4)
    assert model(batch("face", "inertial")).shape == (2, 3)


def test_an_absent_modality_is_never_read():
    model = recording(inputs_of("depth", "inertial"), classes=3, units=4)
    values = batch("depth", "inertial")
    values["inertial_mask"][:] = False
    before = model(values).numpy()
    values["inertial"][:] = np.nan
    np.testing.assert_array_equal(model(values), before)


def test_order_in_time_is_seen():
    keras.utils.set_random_seed(0)
    model = recording(inputs_of("inertial"), classes=3, units=4)
    values = batch("inertial")
    turned = {**values, "inertial": values["inertial"][:, ::-1]}
    assert np.abs(model(values).numpy() - model(turned).numpy()).max() > 1e-3

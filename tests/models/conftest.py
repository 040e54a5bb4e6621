"""Inputs and batches of two modalities of three features, which every family takes."""

import functools

import keras
import numpy as np
import pytest

from mmfusion.branches.mlp import mlp

NAMES = ("audio", "video")


@pytest.fixture
def pair():
    """Inputs of sound and picture features."""
    keras.utils.set_random_seed(0)
    inputs = {name: keras.Input((4, 3), name=name) for name in NAMES}
    masks = {f"{n}_mask": keras.Input((4,), dtype="bool", name=f"{n}_mask") for n in NAMES}
    return inputs | masks


@pytest.fixture
def branches():
    """A small branch for each."""
    return {name: functools.partial(mlp, units=8) for name in NAMES}


@pytest.fixture
def values():
    """A batch of five clips."""
    rng = np.random.default_rng(0)
    values = {name: rng.normal(size=(5, 4, 3)).astype("float32") for name in NAMES}
    return values | {f"{name}_mask": np.ones((5, 4), bool) for name in NAMES}


@pytest.fixture
def never_read(values):
    """Checks that a model gives the same whatever an absent modality holds."""

    def check(model):
        values["audio_mask"][:] = False
        before = model(values)
        values["audio"][:] = np.nan
        for old, new in zip(
            keras.tree.flatten(before), keras.tree.flatten(model(values)), strict=True
        ):
            np.testing.assert_array_equal(old, new)
            assert np.isfinite(old).all()

    return check

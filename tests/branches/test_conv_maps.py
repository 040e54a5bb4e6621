"""Frames as maps of features."""

import keras
import numpy as np

from mmfusion.branches.conv_maps import conv_maps
from mmfusion.branches.mlp import mlp
from mmfusion.fusion.spatial import SpatialFusion
from mmfusion.models.classifier import classifier


def test_a_place_sees_its_neighbourhood_alone():
    keras.utils.set_random_seed(0)
    frames, mask = keras.Input((1, 32, 32, 1), name="x"), keras.Input((1,), dtype="bool")
    model = keras.Model([frames, mask], conv_maps(frames, mask, units=16)[0])
    picture, there = np.zeros((1, 1, 32, 32, 1)), np.ones((1, 1), bool)
    before = np.array(model([picture, there]))
    assert before.shape == (1, 1, 4, 4, 16)
    picture[0, 0, 30, 30] = 100
    changed = np.abs(np.array(model([picture, there])) - before).max(axis=(0, 1, 4)) > 1e-6
    assert changed[3, 3]
    assert not changed[:2, :2].any()


def test_sound_is_laid_over_the_picture():
    branches = {"video": conv_maps, "audio": mlp}
    shapes = {"video": (2, 16, 16, 3), "audio": (2, 5)}
    model = classifier(shapes, classes=2, fusion=SpatialFusion(8), branches=branches)
    values = {name: np.ones((1, *shape)) for name, shape in shapes.items()}
    values |= {f"{name}_mask": np.ones((1, 2), bool) for name in shapes}
    assert model(values).shape == (1, 2)

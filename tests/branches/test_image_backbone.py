"""A pretrained network of pictures, for each frame."""

import keras
import numpy as np
import pytest

from mmfusion.branches.image_backbone import image_backbone


@pytest.fixture
def backbone():
    inner = keras.Sequential([keras.Input((4, 4, 2)), keras.layers.BatchNormalization()])
    return keras.Sequential(
        [
            keras.Input((6, 6, 3)),
            keras.layers.Conv2D(2, 3),
            inner,
            keras.layers.GlobalAveragePooling2D(),
        ]
    )


@pytest.mark.parametrize(("trainable", "count"), [(False, 0), (True, 2)])
def test_batch_normalisation_is_never_trained(backbone, trainable, count):
    inputs, mask = keras.Input((2, 6, 6, 3), name="x"), keras.Input((2,), dtype="bool")
    image_backbone(inputs, mask, backbone=backbone, trainable=trainable)
    assert len(backbone.trainable_weights) == count


def test_sees_colours_only(backbone):
    inputs, mask = keras.Input((2, 6, 6, 4), name="x"), keras.Input((2,), dtype="bool")
    model = keras.Model([inputs, mask], image_backbone(inputs, mask, backbone=backbone)[0])
    frames, whole = np.random.default_rng(0).normal(size=(1, 2, 6, 6, 4)), np.ones((1, 2), bool)
    before = model([frames, whole])
    frames[..., 3] = 9
    np.testing.assert_array_equal(before, model([frames, whole]))

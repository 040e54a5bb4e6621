import keras
import numpy as np
import pytest

from mmfusion.layers.video.frame_tower import FrameTower


@pytest.fixture
def tower():
    """A network that returns the mean of each channel."""
    images = keras.Input((6, 4, 3))
    return FrameTower(keras.Model(images, keras.layers.GlobalAveragePooling2D()(images)))


def test_frames_and_changes_by_hand(tower):
    levels = np.array([[0, 255, 255, 51], [51, 102, 0, 0]], np.uint8)
    frames = np.broadcast_to(levels[:, :, None, None, None], (2, 4, 6, 4, 3))
    mask = np.array([[True] * 4, [True, True, False, True]])
    found = tower(frames, mask).numpy()
    assert found.shape == (2, 4, 6)
    np.testing.assert_allclose(found[..., :3], found[..., :1].repeat(3, -1), atol=1e-6)
    np.testing.assert_allclose(found[0, :, 0], [-1, 1, 1, -0.6], atol=1e-6)
    np.testing.assert_allclose(found[0, :, 3], [-1, 1, -1, 1], atol=1e-6)  # from half the range on
    np.testing.assert_allclose(found[1, :, 0], [-0.6, -0.2, 0, -1], atol=1e-6)
    np.testing.assert_allclose(found[1, :, 3], [-1, -0.2, 0, -1], atol=1e-6)
    np.testing.assert_allclose(tower.describe(frames[1], mask[1]), found[1], atol=1e-6)


def test_it_is_frozen_and_survives_saving(tmp_path):
    images = keras.Input((6, 4, 3))
    dense = keras.layers.Dense(2)(keras.layers.Flatten()(images))
    inputs = keras.Input((3, 6, 4, 3), dtype="uint8"), keras.Input((3,), dtype="bool")
    model = keras.Model(inputs, FrameTower(keras.Model(images, dense))(*inputs))
    assert model.output_shape == (None, 3, 4)
    assert not model.trainable_weights
    frames = np.random.default_rng(0).integers(0, 255, (2, 3, 6, 4, 3), np.uint8)
    mask = np.array([[True, True, False], [True] * 3])
    model.save(tmp_path / "tower.keras")
    again = keras.saving.load_model(tmp_path / "tower.keras")
    np.testing.assert_array_equal(again([frames, mask]), model([frames, mask]))
    assert not again.trainable_weights

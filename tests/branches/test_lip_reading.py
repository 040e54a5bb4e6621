import keras
import numpy as np
import pytest

from mmfusion.branches.lip_reading import RelativeFrames, lip_reading
from mmfusion.models.classifier import classifier
from mmfusion.specs import ClipSpec


def test_light_and_skin_are_not_seen():
    keras.utils.set_random_seed(0)
    frames, mask = keras.Input((4, 8, 8, 4), name="x"), keras.Input((4,), dtype="bool")
    model = keras.Model([frames, mask], lip_reading(frames, mask, units=3)[0])
    clip = np.random.default_rng(0).normal(size=(1, 4, 8, 8, 4))
    face = np.random.default_rng(1).normal(size=(1, 1, 8, 8, 4))
    there = np.ones((1, 4), bool)
    expected = model([clip, there]).numpy()
    assert np.ptp(expected) > 0
    np.testing.assert_allclose(model([0.5 * clip + face, there]), expected, atol=1e-4)


def test_a_classifier_reads_mouths_by_it():
    names = {
        cleaning: [layer.name for layer in classifier(spec, classes=2).layers]
        for cleaning in ((), ("video.mouth",))
        for spec in [ClipSpec(steps=2, size_px=8, modalities=("video",), cleaning=cleaning)]
    }
    assert "video_lips" in names[("video.mouth",)]
    assert "video_lips" not in names[()]


def test_what_never_moves_is_gone_and_what_moves_has_one_strength():
    rng = np.random.default_rng(0)
    still, moving = rng.normal(size=(2, 1, 4, 5, 3)), rng.normal(size=(2, 7, 4, 5, 3))
    mask = np.ones((2, 7), bool)
    found = RelativeFrames()(still + 0.1 * moving, mask).numpy()
    dimmed = RelativeFrames()(0.3 * (still + 0.1 * moving) - 0.2, mask).numpy()
    expected = moving - moving.mean(axis=1, keepdims=True)
    expected /= np.sqrt(np.square(expected).mean(axis=(1, 2, 3, 4), keepdims=True))
    np.testing.assert_allclose(found, expected, atol=2e-3)
    np.testing.assert_allclose(dimmed, found, atol=2e-2)


@pytest.mark.parametrize("steps", [1, 3])
def test_a_still_clip_and_an_absent_one_are_zeros(steps):
    frames = np.full((2, steps, 2, 2, 1), 0.7)
    frames[1] = np.nan
    mask = np.array([[True] * steps, [False] * steps])
    np.testing.assert_allclose(RelativeFrames()(frames, mask), np.zeros_like(frames), atol=1e-3)


def test_absent_steps_are_not_read():
    frames = np.random.default_rng(0).normal(size=(1, 4, 2, 2, 1))
    mask = np.array([[True, True, False, True]])
    disturbed = frames.copy()
    disturbed[:, 2] = np.nan
    found = RelativeFrames()(frames, mask).numpy()
    np.testing.assert_array_equal(RelativeFrames()(disturbed, mask), found)
    assert not found[:, 2].any()

import keras
import numpy as np

from mmfusion.branches.lip_reading import lip_reading
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

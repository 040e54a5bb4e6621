import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data.augment import Augmentation, augment_batch, augment_clip, drop_modalities
from mmfusion.specs import ClipSpec

SPEC = ClipSpec(seconds=1.0, steps=4, size_px=8, sample_rate_hz=80, tokens=3)
STILL = Augmentation(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def clip():
    rng = np.random.default_rng(0)
    return {
        "audio": tf.constant(rng.uniform(-0.3, 0.3, (4, 20)), tf.float32),
        "audio_mask": tf.constant([True, True, True, False]),
        "text": tf.constant(["a", "b", "", ""]),
        "text_mask": tf.constant([True, True, False, False]),
        "video": tf.constant(rng.integers(0, 256, (4, 8, 8, 3)), tf.uint8),
        "video_mask": tf.ones(4, bool),
    }


def seed(number):
    return tf.constant(number, tf.int64)


def test_nothing_is_varied_by_zeros():
    before = clip()
    after = augment_clip(before, SPEC, STILL, seed(0))
    audio = before["audio"] * tf.cast(before["audio_mask"], tf.float32)[:, None]
    for name, value in (before | {"audio": audio}).items():
        np.testing.assert_array_equal(after[name], value)


def test_mirror():
    always = Augmentation(0, 1, 0, 0, 0, 0, 0, 0, 0, 0)
    before = clip()
    after = augment_clip(before, SPEC, always, seed(0))
    np.testing.assert_array_equal(after["video"], before["video"][:, :, ::-1])


def test_same_seed_same_clip_and_another_seed_another():
    first, again, other = (augment_clip(clip(), SPEC, Augmentation(), seed(s)) for s in (1, 1, 2))
    for name in ("audio", "video"):
        np.testing.assert_array_equal(first[name], again[name])
        assert (first[name].numpy() != other[name].numpy()).any()


@pytest.mark.parametrize("number", range(8))
def test_shift_moves_sound_and_mask_together(number):
    shifting = Augmentation(0, 0, 0, 0, 0, 0.25, 0, 0, 0, 0)
    before = clip() | {"audio": tf.ones((4, 20))}
    after = augment_clip(before, SPEC, shifting, seed(number))
    covered = after["audio"].numpy().mean(axis=1)
    np.testing.assert_array_equal(after["audio_mask"], covered >= 0.5)
    assert (after["audio"].numpy()[~after["audio_mask"].numpy()] == 0).all()


def batch(count=64):
    names = ("audio", "video")
    content = {name: tf.ones((count, 3, 2)) for name in names}
    masks = {f"{name}_mask": tf.ones((count, 3), bool) for name in names}
    return content | masks


def test_dropped_modalities_are_zeros_and_one_always_stays():
    after = drop_modalities(batch(), 0.9, tf.constant([0, 0], tf.int64))
    here = np.stack([after[f"{name}_mask"].numpy().all(axis=1) for name in ("audio", "video")])
    assert (here.sum(axis=0) >= 1).all()
    assert (here.sum(axis=0) == 1).sum() > 32
    for at, name in enumerate(("audio", "video")):
        np.testing.assert_array_equal(after[name].numpy().all(axis=(1, 2)), here[at])


def test_the_only_modality_is_never_dropped():
    before = batch() | {"video_mask": tf.zeros((64, 3), bool)}
    after = drop_modalities(before, 1.0, tf.constant([0, 0], tf.int64))
    assert after["audio_mask"].numpy().all()


def test_nothing_present_stays_so():
    before = {"audio": tf.zeros((2, 3, 2)), "audio_mask": tf.zeros((2, 3), bool)}
    after = drop_modalities(before, 0.5, tf.constant([0, 0], tf.int64))
    assert not after["audio_mask"].numpy().any()


def test_word_dropout_leaves_padding_alone():
    ids = tf.constant([[[5, 6, 0]] * 3] * 8)
    before = {"text": ids, "text_mask": tf.ones((8, 3), bool)}
    after = augment_batch(before, Augmentation(word_dropout=1.0, modality_dropout=0), seed(0))
    np.testing.assert_array_equal(after["text"], [[[1, 1, 0]] * 3] * 8)

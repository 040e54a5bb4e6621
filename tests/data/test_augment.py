import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data.augment import (
    _recolour,
    _warp,
    augment_batch,
    augment_clip,
    drop_modalities,
    jitter,
)
from mmfusion.data.augmentation import Augmentation
from mmfusion.specs import ClipSpec

SPEC = ClipSpec(seconds=1.0, steps=4, size_px=8, sample_rate_hz=80, tokens=3)
STILL = Augmentation(0, 0, 0, 0, 0, None, 0, 0, 0, 0, 0)


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
    always = Augmentation(0, 1, 0, 0, 0, None, 0, 0, 0, 0, 0)
    before = clip()
    after = augment_clip(before, SPEC, always, seed(0))
    np.testing.assert_array_equal(after["video"], before["video"][:, :, ::-1])


def test_same_seed_same_clip_and_another_seed_another():
    settings = Augmentation(modality_dropout=0)
    first, again, other = (augment_clip(clip(), SPEC, settings, seed(s)) for s in (1, 1, 2))
    for name in ("audio", "video"):
        np.testing.assert_array_equal(first[name], again[name])
        assert (first[name].numpy() != other[name].numpy()).any()


@pytest.mark.parametrize("number", range(8))
def test_shift_moves_sound_and_mask_together(number):
    shifting = Augmentation(0, 0, 0, 0, 0, None, 0.25, 0, 0, 0, 0)
    before = clip() | {"audio": tf.ones((4, 20))}
    after = augment_clip(before, SPEC, shifting, seed(number))
    covered = after["audio"].numpy().mean(axis=1)
    np.testing.assert_array_equal(after["audio_mask"], covered >= 0.5)
    assert (after["audio"].numpy()[~after["audio_mask"].numpy()] == 0).all()


def test_colours_by_hand():
    """Saturation 0.5, contrast 0.5 and brightness +51 of one red and one black pixel."""
    frames = tf.constant([[[[240, 0, 0], [0, 0, 0]]]], tf.uint8)
    after = _recolour(frames, 0.5, tf.constant([-1.0, -1.0, 0.8]))
    np.testing.assert_array_equal(after, [[[[151, 91, 91], [71, 71, 71]]]])


def test_rotation_by_hand():
    """A right angle carries each corner to the next, in every frame alike."""
    turning = Augmentation(0, 0, 90, 0, 0, None, 0, 0, 0, 0, 0)
    frames = clip()["video"]
    after = _warp(frames, turning, tf.constant([0.0, 1.0, 1.0, 0.0, 0.0]))
    np.testing.assert_array_equal(after, np.rot90(frames, axes=(1, 2)))


def test_crop_by_hand():
    """Half the height and width from the middle: each of those pixels covers four."""
    cropping = Augmentation(0.5, 0, 0, 0, 0, None, 0, 0, 0, 0, 0)
    frames = clip()["video"].numpy()
    after = _warp(tf.constant(frames), cropping, tf.constant([1.0, 1.0, 0.0, 0.0, 0.0]))
    middle = frames[:, 2:6, 2:6]
    np.testing.assert_array_equal(after, middle.repeat(2, axis=1).repeat(2, axis=2))


def pair():
    names = ("audio", "video")
    content = {name: tf.ones((3, 2)) for name in names}
    masks = {f"{name}_mask": tf.ones(3, bool) for name in names}
    return content | masks


def test_dropped_modalities_are_zeros_and_one_always_stays():
    counts = []
    for number in range(64):
        after = drop_modalities(pair(), 0.9, tf.constant([number, 0], tf.int64))
        here = [after[f"{name}_mask"].numpy().all() for name in ("audio", "video")]
        assert [after[name].numpy().all() for name in ("audio", "video")] == here
        counts.append(sum(here))
    assert min(counts) == 1
    assert counts.count(1) > 32


def test_the_only_modality_is_never_dropped():
    before = pair() | {"video_mask": tf.zeros(3, bool)}
    after = drop_modalities(before, 1.0, tf.constant([0, 0], tf.int64))
    assert after["audio_mask"].numpy().all()


def test_nothing_present_stays_so():
    before = {"audio": tf.zeros((3, 2)), "audio_mask": tf.zeros(3, bool)}
    after = drop_modalities(before, 0.5, tf.constant([0, 0], tf.int64))
    assert not after["audio_mask"].numpy().any()


def test_word_dropout_leaves_padding_alone():
    ids = tf.constant([[[5, 6, 0]] * 3] * 8)
    before = {"text": ids, "text_mask": tf.ones((8, 3), bool)}
    after = augment_batch(before, Augmentation(word_dropout=1.0), seed(0))
    np.testing.assert_array_equal(after["text"], [[[1, 1, 0]] * 3] * 8)


def test_noise_is_drawn_no_louder_than_asked_and_one_clip_in_four_stays_clean():
    noisy = dataclasses.replace(STILL, noise_db=-5.0)
    before = augment_clip(clip(), SPEC, STILL, seed(0))["audio"].numpy()
    after = [augment_clip(clip(), SPEC, noisy, seed(at))["audio"].numpy() for at in range(40)]
    noise = [sound - before for sound in after if not np.array_equal(sound, before)]
    assert 24 <= len(noise) <= 36
    ratios = [10 * np.log10(np.square(before).sum() / np.square(sound).sum()) for sound in noise]
    assert min(ratios) > -7  # 60 samples: the ratio itself is drawn from -5 to 30
    assert max(ratios) > 15


CLIP = {
    "audio": np.arange(1, 9, dtype="float32").reshape(4, 2),
    "audio_mask": np.array([True, True, False, True]),
    "text": np.array(["a", "b", "c", "d"]),
    "text_mask": np.ones(4, bool),
}


def moved(most, seed):
    clip = {name: tf.constant(value) for name, value in CLIP.items()}
    return {name: value.numpy() for name, value in jitter(clip, most, (seed, 0)).items()}


def test_zero_moves_nothing():
    for name, value in moved(0, 5).items():
        expected = CLIP[name].astype("S") if name == "text" else CLIP[name]
        np.testing.assert_array_equal(value, expected)


def test_all_modalities_move_together_and_the_rest_is_absent():
    shifts = set()
    for seed in range(40):
        found = moved(2, seed)
        there = [at for at in range(4) if found["text_mask"][at]]
        words = [found["text"][at].decode() for at in there]
        shift = there[0] - "abcd".index(words[0])
        shifts.add(shift)
        for at in range(4):
            came = at - shift
            inside = 0 <= came < 4
            assert found["text"][at].decode() == ("abcd"[came] if inside else "")
            expected = CLIP["audio"][came] if inside else [0, 0]
            np.testing.assert_array_equal(found["audio"][at], expected)
            assert found["audio_mask"][at] == (inside and CLIP["audio_mask"][came])
    assert shifts == {-2, -1, 0, 1, 2}


@pytest.mark.parametrize("seed", [0, 9])
def test_same_seed_same_clip(seed):
    one, other = moved(2, seed), moved(2, seed)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])

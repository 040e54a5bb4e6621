"""Random variation of preprocessed batches of arrays."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data.augment_arrays import augment_arrays, drop_array_modalities
from mmfusion.data.augmentation import Augmentation

STILL = Augmentation(
    feature_noise=0,
    sequence_noise=0,
    feature_gain=0,
    warp=0,
    image_shift=0,
    modality_dropout=0,
)


def clips(steps=8):
    x = np.tile(np.arange(float(steps), dtype="float32")[None, :, None], (64, 1, 2))
    return {"a": tf.constant(x), "a_mask": tf.ones((64, steps), bool)}


def vary(batch, seed=1, **settings):
    return augment_arrays(
        batch, dataclasses.replace(STILL, **settings), tf.constant(seed, tf.int64)
    )


def test_nothing_is_varied_where_all_is_zero():
    batch = clips()
    for name, value in vary(batch).items():
        np.testing.assert_array_equal(value, batch[name])


@pytest.mark.parametrize(
    "settings",
    [{"feature_noise": 0.5}, {"feature_gain": 0.5}, {"warp": 0.5}],
)
def test_the_same_seed_gives_the_same(settings):
    batch = clips() | {"b": tf.ones((64, 3, 2)), "b_mask": tf.ones((64, 3), bool)}
    first, again, other = (vary(batch, seed, **settings) for seed in (1, 1, 2))
    same = [np.array_equal(first[name], other[name]) for name in first]
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not all(same)


def test_noise_and_gain_are_of_the_size_asked_for():
    noisy = vary(clips(), feature_noise=0.5)["a"] - clips()["a"]
    assert np.std(noisy) == pytest.approx(0.5, rel=0.1)
    gained = vary(clips(), feature_gain=0.2)["a"][:, 1:] / clips()["a"][:, 1:]
    np.testing.assert_allclose(np.std(gained, axis=1), 0, atol=1e-6)  # one for all steps
    assert np.std(gained[:, 0]) == pytest.approx(0.2, rel=0.2)


def test_absent_steps_stay_zero():
    batch = clips()
    batch["a_mask"] = tf.constant(np.arange(8) < 5)[None] & batch["a_mask"]
    batch["a"] = tf.where(batch["a_mask"][..., None], batch["a"], 0)
    varied = vary(batch, feature_noise=1.0, warp=0.5, feature_gain=0.5)
    assert not np.array(varied["a"])[~np.array(varied["a_mask"])].any()


def test_warping_keeps_the_ends_and_the_order():
    warped = np.array(vary(clips(), warp=0.9)["a"][..., 0])
    np.testing.assert_allclose(warped[:, [0, -1]], np.tile([[0, 7]], (64, 1)), atol=1e-5)
    assert (np.diff(warped, axis=1) >= 0).all()
    assert np.abs(warped - np.arange(8)).max() > 0.5


def test_modalities_are_warped_alike():
    batch = clips() | {"b": clips()["a"], "b_mask": clips()["a_mask"]}
    varied = vary(batch, warp=0.5)
    np.testing.assert_array_equal(varied["a"], varied["b"])


def test_pictures_and_words_are_not_mixed():
    ids = tf.tile(tf.range(8)[None, :, None], (64, 1, 1))
    varied = vary({"w": ids, "w_mask": tf.ones((64, 8), bool)}, warp=0.9)["w"]
    assert varied.dtype == tf.int32
    assert set(np.ravel(varied)) <= set(range(8))


def test_pictures_of_a_clip_are_moved_alike():
    picture = np.arange(100, dtype="float32").reshape(1, 1, 10, 10, 1)
    x = tf.constant(np.tile(picture, (32, 2, 1, 1, 1)))
    moved = np.array(vary({"v": x, "v_mask": tf.ones((32, 2), bool)}, image_shift=0.2)["v"])
    np.testing.assert_array_equal(moved[:, 0], moved[:, 1])
    middle = moved[:, 0, 5, 5, 0]
    assert set(np.abs(middle // 10 - 5)) == set(np.abs(middle % 10 - 5)) == {0, 1, 2}


@pytest.mark.parametrize(("features", "std"), [(1, 1.0), (9, 1.0), (9, 0.1)])
def test_noise_of_a_sequence_grows_with_the_features_of_a_row_and_their_range(features, std):
    mask = np.tile(np.arange(8) < 6, (64, 1))
    x = np.random.default_rng(0).normal(size=(64, 8, features)) * std * mask[..., None]
    rows = {"a": tf.constant(x, tf.float32), "a_mask": tf.constant(mask)}
    spec = {name: tf.TensorSpec((None, None, *x.shape[2:]), x.dtype) for name, x in rows.items()}
    noisy = tf.function(lambda batch: vary(batch, sequence_noise=0.5), input_signature=[spec])
    found = np.array(noisy(rows)["a"]) - x
    assert np.std(found[:, :6]) == pytest.approx(0.5 * std * features**0.5, rel=0.1)
    assert not found[:, 6:].any()


def test_the_last_modality_stays():
    batch = clips() | {"b": tf.ones((64, 3, 2)), "b_mask": tf.ones((64, 3), bool)}
    varied = drop_array_modalities(batch, 1.0, tf.constant(1, tf.int64))
    there = [np.array(varied[name]).any(axis=1) for name in ("a_mask", "b_mask")]
    assert (there[0] ^ there[1]).all()
    assert not np.array(varied["a"])[~there[0]].any()


def test_a_third_as_often_from_a_sequence_and_the_same_by_seed():
    spec = {"a": tf.TensorSpec((None, None, 2)), "b": tf.TensorSpec((None, None, 2))}
    spec |= {f"{name}_mask": tf.TensorSpec((None, None), tf.bool) for name in ("a", "b")}
    batch = {name: tf.ones((2000, 3, 2)) for name in ("a", "b")}
    batch |= {f"{name}_mask": tf.ones((2000, 3), bool) for name in ("a", "b")}

    def dropped(seed, signature=None):
        def drop(batch):
            return drop_array_modalities(batch, 0.3, tf.constant(seed, tf.int64))

        function = tf.function(drop, input_signature=[signature]) if signature else drop
        return 1 - np.array(function(batch)["a_mask"]).any(axis=1)

    assert dropped(1).mean() == pytest.approx(0.3 - 0.3**2 / 2, abs=0.03)
    assert dropped(1, spec).mean() == pytest.approx(0.1 - 0.1**2 / 2, abs=0.02)
    np.testing.assert_array_equal(dropped(1), dropped(1))
    assert (dropped(1) != dropped(2)).any()

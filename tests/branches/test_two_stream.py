"""Frames read in two streams, what is seen and what has moved, beside how much moves at all."""

import keras
import numpy as np

from mmfusion.branches.two_stream import two_stream


def built(**settings):
    keras.utils.set_random_seed(0)
    frames, mask = keras.Input((3, 16, 16, 4), name="video"), keras.Input((3,), dtype="bool")
    return keras.Model(
        [frames, mask], two_stream(frames, mask, units=4, filters=(2, 2), **settings)[0]
    )


def clips(count):
    rng = np.random.default_rng(0)
    return rng.normal(size=(count, 3, 16, 16, 4)).astype("float32"), np.ones((count, 3), bool)


def test_colours_are_left_out_of_some_clips_in_training_and_of_none_afterwards():
    model = built(stream_dropout=0.5)
    frames, mask = clips(64)
    other = frames.copy()
    other[..., :3] += 1  # which moves nothing
    state = model.get_layer("video_appearance_dropout").seed_generator.state
    before = state.numpy()
    first = np.asarray(model([frames, mask], training=True))
    state.assign(before)
    second = np.asarray(model([other, mask], training=True))
    blind = np.isclose(first, second, atol=1e-3).all(axis=(1, 2))
    assert 16 < blind.sum() < 48
    seeing = ~np.isclose(model([frames, mask]), model([other, mask]), atol=1e-3)
    assert seeing.any(axis=(1, 2)).mean() > 0.9


def test_the_sign_of_the_change_is_seen():
    model = built(stream_dropout=0.0)
    frames, mask = clips(4)
    turned = frames.copy()
    turned[..., 3] *= -1
    assert (np.asarray(model([frames, mask])) != np.asarray(model([turned, mask]))).any()


def test_where_both_towers_are_left_out_movement_is_still_told():
    model = built(stream_dropout=0.999)
    frames, mask = clips(4)
    moving = np.asarray(model([frames, mask], training=True))
    still = np.asarray(model([np.repeat(frames[:, :1], 3, axis=1), mask], training=True))
    assert not np.allclose(moving, still)

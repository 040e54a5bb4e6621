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


def test_one_stream_alone_sees_a_clip_in_training_and_all_do_afterwards():
    """Another colour moves nothing: only the tower of the colours, a third of the clips, tells."""
    model = built()
    frames, mask = clips(96)
    other = frames.copy()
    other[..., :3] += 1
    state = model.get_layer("video_streams").seed_generator.state
    before = state.numpy()
    first = np.asarray(model([frames, mask], training=True))
    state.assign(before)
    second = np.asarray(model([other, mask], training=True))
    blind = np.isclose(first, second, atol=1e-3).all(axis=(1, 2))
    assert 48 < blind.sum() < 80
    seeing = ~np.isclose(model([frames, mask]), model([other, mask]), atol=1e-3)
    assert seeing.any(axis=(1, 2)).mean() > 0.9


def test_the_sign_of_the_change_is_seen():
    model = built(stream_dropout=0.0)
    frames, mask = clips(4)
    turned = frames.copy()
    turned[..., 3] *= -1
    assert (np.asarray(model([frames, mask])) != np.asarray(model([turned, mask]))).any()


def test_movement_of_the_whole_clip_is_told_at_every_step():
    model = built(stream_dropout=0.0)
    statistics = keras.Model(model.input, model.get_layer("video_statistics_mean").output)
    frames, mask = clips(2)
    told = np.asarray(statistics([frames, mask]))
    assert told.any()
    np.testing.assert_array_equal(told, np.repeat(told[:, :1], 3, axis=1))

"""Frames read in two streams, what is seen and what has moved, beside how much moves at all."""

import keras
import numpy as np
import pytest

from mmfusion.branches.two_stream import BranchDropout, two_stream


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
    model = built(branch_dropout=0.0)
    frames, mask = clips(4)
    turned = frames.copy()
    turned[..., 3] *= -1
    assert (np.asarray(model([frames, mask])) != np.asarray(model([turned, mask]))).any()


def test_movement_of_the_whole_clip_is_told_at_every_step():
    model = built(branch_dropout=0.0)
    statistics = keras.Model(model.input, model.get_layer("video_statistics_mean").output)
    frames, mask = clips(2)
    told = np.asarray(statistics([frames, mask]))
    assert told.any()
    np.testing.assert_array_equal(told, np.repeat(told[:, :1], 3, axis=1))


STREAMS = [np.full((300, 2, 1), value, "float32") for value in (0, 3, 9)]


def shares(outputs):
    """The share of clips with each value; a clip has one value at all steps."""
    outputs = np.asarray(outputs)[:, :, 0]
    np.testing.assert_array_equal(outputs[:, 0], outputs[:, 1])
    values, counts = np.unique(outputs[:, 0], return_counts=True)
    return dict(zip(values.tolist(), (counts / 300).tolist(), strict=True))


def test_afterwards_it_is_the_mean():
    assert shares(BranchDropout()(STREAMS)) == {4: 1.0}


def test_in_training_each_clip_keeps_one_stream():
    found = shares(BranchDropout(seed=0)(STREAMS, training=True))
    assert set(found) == {0, 3, 9}
    assert all(0.25 < share < 0.42 for share in found.values())


def test_the_rate_is_the_share_of_clips_with_one_stream():
    found = shares(BranchDropout(0.5, seed=0)(STREAMS, training=True))
    assert 0.4 < found[4] < 0.6
    assert shares(BranchDropout(0.0)(STREAMS, training=True)) == {4: 1.0}


def test_one_stream_is_left_as_it_is():
    kept = BranchDropout()(STREAMS[1:2], training=True)
    np.testing.assert_array_equal(kept, STREAMS[1])


def test_the_same_seed_draws_the_same():
    drawn = [np.asarray(BranchDropout(seed=3)(STREAMS, training=True)) for _ in range(2)]
    np.testing.assert_array_equal(*drawn)


@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_a_rate_out_of_range(rate):
    with pytest.raises(ValueError, match="`rate` must be in"):
        BranchDropout(rate)


def test_it_is_made_again_from_its_config():
    layer = BranchDropout(0.5, seed=3, name="streams")
    assert (
        keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer)).rate
        == 0.5
    )

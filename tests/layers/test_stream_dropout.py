"""Several streams, one of which is kept for each clip in training."""

import keras
import numpy as np
import pytest

from mmfusion.layers.stream_dropout import StreamDropout

STREAMS = [np.full((300, 2, 1), value, "float32") for value in (0, 3, 9)]


def shares(outputs):
    """The share of clips with each value; a clip has one value at all steps."""
    outputs = np.asarray(outputs)[:, :, 0]
    np.testing.assert_array_equal(outputs[:, 0], outputs[:, 1])
    values, counts = np.unique(outputs[:, 0], return_counts=True)
    return dict(zip(values.tolist(), (counts / 300).tolist(), strict=True))


def test_afterwards_it_is_the_mean():
    assert shares(StreamDropout()(STREAMS)) == {4: 1.0}


def test_in_training_each_clip_keeps_one_stream():
    found = shares(StreamDropout(seed=0)(STREAMS, training=True))
    assert set(found) == {0, 3, 9}
    assert all(0.25 < share < 0.42 for share in found.values())


def test_the_rate_is_the_share_of_clips_with_one_stream():
    found = shares(StreamDropout(0.5, seed=0)(STREAMS, training=True))
    assert 0.4 < found[4] < 0.6
    assert shares(StreamDropout(0.0)(STREAMS, training=True)) == {4: 1.0}


def test_one_stream_is_left_as_it_is():
    kept = StreamDropout()(STREAMS[1:2], training=True)
    np.testing.assert_array_equal(kept, STREAMS[1])


def test_the_same_seed_draws_the_same():
    drawn = [np.asarray(StreamDropout(seed=3)(STREAMS, training=True)) for _ in range(2)]
    np.testing.assert_array_equal(*drawn)


@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_a_rate_out_of_range(rate):
    with pytest.raises(ValueError, match="`rate` must be in"):
        StreamDropout(rate)


def test_it_is_made_again_from_its_config():
    layer = StreamDropout(0.5, seed=3, name="streams")
    assert (
        keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer)).rate
        == 0.5
    )

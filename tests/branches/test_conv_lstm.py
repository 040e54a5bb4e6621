"""Sound read by convolutions over its spectrogram, then by an LSTM."""

import keras
import numpy as np
import pytest

from mmfusion.branches.conv_lstm import SpectrogramConv, conv_lstm


def test_hears_where_in_the_spectrum_a_thing_sounds():
    keras.utils.set_random_seed(0)
    inputs = keras.Input((1, 6, 32), name="x")
    mask = keras.Input((1,), dtype="bool")
    model = keras.Model([inputs, mask], conv_lstm(inputs, mask, units=8)[0])
    tones = np.zeros((2, 1, 6, 32))
    tones[0, ..., 4] = tones[1, ..., 20] = 3
    low, high = model([tones, np.ones((2, 1), bool)]).numpy()
    assert np.abs(low - high).max() > 1e-3


def test_reads_steps_with_what_it_is_given():
    inputs, mask = keras.Input((3, 6, 8), name="x"), keras.Input((3,), dtype="bool")
    seen = []

    def recurrent(features, mask, *, units, name):
        seen.append((features.shape, units, name))
        return features, mask

    conv_lstm(inputs, mask, units=5, recurrent=recurrent)
    assert seen == [((None, 3, 5), 5, "x")]


STEPS, FRAMES, BINS = 3, 4, 16


def layer_without_the_whole(**options):
    """A layer that tells each step of its own frames alone."""
    layer = SpectrogramConv(BINS, **options)
    layer.build((None, STEPS, FRAMES, BINS))
    layer.bands.set_weights([np.eye(BINS), np.zeros(BINS)])
    for conv in layer.convs:
        conv.conv.set_weights([np.stack([np.eye(BINS)] * 3), np.zeros(BINS)])
    layer.whole.set_weights([np.zeros((2 * BINS, BINS)), np.zeros(BINS)])
    return layer


def sound():
    return np.random.default_rng(0).normal(size=(1, STEPS, FRAMES, BINS)).astype("float32")


HERE = np.ones((1, STEPS), bool)


def changed_steps(layer, frame):
    """The steps whose features are others once this frame of the clip sounds different."""
    before = sound()
    after = before.copy()
    after.reshape(-1, BINS)[frame] += np.repeat([50, -50], BINS // 2)
    return np.abs(layer(after, HERE) - layer(before, HERE))[0].max(axis=-1) > 1e-4


@pytest.mark.parametrize(
    ("dilations", "frame", "expected"),
    [
        ((), 4, [False, True, False]),
        ((1,), 4, [True, True, False]),  # one frame to either side
        ((4,), 4, [True, True, True]),
        ((1,), 5, [False, True, False]),
    ],
)
def test_a_window_reaches_over_the_border_of_steps(dilations, frame, expected):
    layer = layer_without_the_whole(kernel_size=3, dilations=dilations)
    np.testing.assert_array_equal(changed_steps(layer, frame), expected)


def test_the_strongest_frame_of_a_step_speaks_for_it():
    low, high = np.repeat([[3, 1], [1, 3]], BINS // 2, axis=1)  # normalised: 1 or -1
    layer = layer_without_the_whole(dilations=())
    heard = layer(np.array([[[low, high]]], "float32"), np.ones((1, 1), bool))
    np.testing.assert_allclose(heard[0, 0], np.ones(BINS), atol=1e-2)


def test_every_step_is_told_of_the_whole_clip():
    layer = layer_without_the_whole(dilations=())
    layer.whole.set_weights([np.ones((2 * BINS, BINS)), np.zeros(BINS)])
    assert changed_steps(layer, 0).all()


def test_an_absent_step_is_never_read():
    layer = SpectrogramConv(3, kernel_size=3)
    mask = np.array([[True, False, True]])
    torn = sound()
    torn[0, 1] = np.nan
    found = layer(torn, mask).numpy()
    np.testing.assert_array_equal(found, layer(sound(), mask))
    assert not found[0, 1].any()


def test_dropout_leaves_features_out_of_a_whole_clip_in_training_alone():
    layer = SpectrogramConv(64, dilations=(), dropout=0.5)
    same, mask = np.ones((2, 3, 4, 1), "float32"), np.ones((2, 3), bool)
    np.testing.assert_array_equal(layer(same, mask), layer(same, mask))
    trained = layer(same, mask, training=True).numpy()
    np.testing.assert_array_equal(trained, np.broadcast_to(trained[:, :1], trained.shape))
    assert 0.2 < (trained == 0).mean() < 0.8

"""Convolutions over the frames of a spectrogram."""

import numpy as np

from mmfusion.layers.spectrogram_conv import SpectrogramConv


def heard(sound, mask, dilations=(1,)):
    """One band, passed on as it is, and what three frames around each sum up to, added."""
    layer = SpectrogramConv(1, kernel_size=3, dilations=dilations)
    layer.build(np.shape(sound))
    layer.bands.set_weights([np.ones((1, 1)), np.zeros(1)])
    for conv in layer.convs:
        conv.conv.set_weights([np.ones((3, 1, 1)), np.zeros(1)])
    return layer(np.array(sound), np.array(mask)).numpy()


def frames(*steps):
    return [[[[value] for value in step] for step in steps]]


def test_a_window_reaches_over_the_border_of_steps():
    found = heard(frames([0.0, 1.0], [0.0, 0.0]), [[True, True]])
    np.testing.assert_array_equal(found, [[[2.0], [1.0]]])


def test_a_window_never_reads_an_absent_step():
    found = heard(frames([1.0, np.nan], [3.0, 0.0]), [[False, True]])
    np.testing.assert_array_equal(found, [[[0.0], [6.0]]])


def test_dilation_skips_frames():
    found = heard(frames([1.0, 0.0], [0.0, 0.0]), [[True, True]], dilations=(2,))
    np.testing.assert_array_equal(found, [[[2.0], [1.0]]])


def test_dropout_leaves_features_out_of_a_whole_clip_in_training_alone():
    layer = SpectrogramConv(64, dilations=(), dropout=0.5)
    sound, mask = np.ones((2, 3, 4, 1), "float32"), np.ones((2, 3), bool)
    layer.build(sound.shape)
    layer.bands.set_weights([np.ones((1, 64)), np.zeros(64)])
    np.testing.assert_array_equal(layer(sound, mask), np.ones((2, 3, 64)))
    trained = layer(sound, mask, training=True).numpy()
    np.testing.assert_array_equal(trained, np.broadcast_to(trained[:, :1], trained.shape))
    assert set(np.unique(trained)) == {0.0, 4.0}  # dropped, or kept and doubled twice

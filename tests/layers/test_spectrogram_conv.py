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

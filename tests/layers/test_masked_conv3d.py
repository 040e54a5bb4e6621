"""Convolution over steps and picture at once that never reads an absent frame."""

import numpy as np
import pytest

from mmfusion.layers.masked_conv3d import MaskedConv3D


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        ([False, False, False], [0, 0, 0]),
        ([True, False, False], [1.5, 0, 0]),
        ([True, True, True], [3.5, 7.5, 6.5]),
        ([True, False, True], [1.5, 0, 4.5]),
    ],
)
def test_sums_the_frames_in_the_window(mask, expected):
    layer = MaskedConv3D(1, (3, 1, 1))
    layer.build((None, None, 2, 2, 1))
    layer.conv.set_weights([np.ones((3, 1, 1, 1, 1)), np.array([0.5])])
    frames = np.array([1.0, 2.0, 4.0])[None, :, None, None, None] * np.ones((1, 3, 2, 2, 1))
    frames[0, ~np.array(mask)] = np.nan
    outputs = layer(frames, np.array([mask]))
    np.testing.assert_allclose(outputs[0, :, 0, 0, 0], expected)


def test_stride_is_of_the_picture_only():
    frames, mask = np.ones((1, 3, 8, 8, 1)), np.ones((1, 3), bool)
    assert MaskedConv3D(2, (3, 3, 3), stride=4)(frames, mask).shape == (1, 3, 2, 2, 2)

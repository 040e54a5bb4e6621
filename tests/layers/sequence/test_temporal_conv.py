"""Convolution over the steps of a clip that never reads an absent one."""

import numpy as np
import pytest

from mmfusion.layers.sequence.temporal_conv import TemporalConv


@pytest.mark.parametrize(
    ("dilation", "mask", "expected"),
    [
        (1, [False, False, False, False], [0, 0, 0, 0]),
        (1, [True, True, True, True], [1 + 3, 2 + 7, 4 + 14, 8 + 12]),
        (1, [True, True, False, True], [1 + 3, 2 + 3, 0, 8 + 8]),
        (2, [True, True, True, True], [1 + 5, 2 + 10, 4 + 5, 8 + 10]),
    ],
)
def test_adds_the_window(dilation, mask, expected):
    layer = TemporalConv(3, dilation)
    layer.build((None, None, 1))
    layer.set_weights([np.ones((3, 1, 1)), np.zeros(1)])
    values = np.array([[[1.0], [2.0], [4.0], [8.0]]])
    np.testing.assert_allclose(layer(values, np.array([mask]))[0, :, 0], expected)


def test_the_window_looks_at_normalised_steps():
    layer = TemporalConv(1, normalise=True)
    layer.build((None, None, 2))
    layer.conv.set_weights([np.eye(2)[None], np.zeros(2)])
    steps, mask = np.array([[[3.0, 5.0], [9.0, 9.0]]]), np.array([[True, False]])
    np.testing.assert_allclose(layer(steps, mask)[0], [[3, 6], [0, 0]], atol=1e-2)  # -1 is cut

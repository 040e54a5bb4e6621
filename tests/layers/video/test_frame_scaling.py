import numpy as np

from mmfusion.layers.video.frame_scaling import FrameScaling


def test_one_step_has_no_change():
    scaled = FrameScaling()(np.full((1, 1, 1, 1, 3), 255, "uint8"), np.ones((1, 1), bool))
    np.testing.assert_array_equal(scaled, [[[[[1, 1, 1, 0]]]]])


def test_by_hand():
    frames = np.zeros((1, 3, 1, 1, 3), "uint8")
    frames[0, 1] = 255, 0, 0
    scaled = FrameScaling()(frames, np.ones((1, 3), bool))
    np.testing.assert_allclose(
        np.reshape(scaled, (3, 4)),
        [[-1, -1, -1, 0], [1, -1, -1, 1.495], [-1, -1, -1, -1.495]],
        rtol=1e-6,
    )


def test_no_change_is_told_across_an_absent_step():
    frames = np.zeros((1, 3, 1, 1, 3), "uint8")
    frames[0, 2] = 255
    scaled = FrameScaling()(frames, np.array([[True, False, True]]))
    np.testing.assert_array_equal(
        np.reshape(scaled, (3, 4)), [[-1, -1, -1, 0], [0, 0, 0, 0], [1, 1, 1, 0]]
    )


def test_greys_by_hand():
    frames = np.array([0, 51], "uint8").reshape(1, 2, 1, 1, 1)
    scaled = FrameScaling()(frames, np.ones((1, 2), bool))
    np.testing.assert_allclose(np.reshape(scaled, (2, 2)), [[-1, 0], [-0.6, 1]], rtol=1e-6)

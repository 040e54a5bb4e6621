import av
import numpy as np
import pytest
from av.video.reformatter import VideoReformatter

from mmfusion.media.image import orientation, to_rgb, turn

CORNERS = np.array([[1, 2], [3, 4]])[..., None]


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ((1, 0, 0, 1), [[1, 2], [3, 4]]),
        ((-1, 0, 0, -1), [[4, 3], [2, 1]]),  # half a turn
        ((0, 1, -1, 0), [[3, 1], [4, 2]]),  # a quarter clockwise
        ((0, -1, 1, 0), [[2, 4], [1, 3]]),  # a quarter counterclockwise
        ((-1, 0, 0, 1), [[2, 1], [4, 3]]),  # mirrored
        ((0, 1, 1, 0), [[1, 3], [2, 4]]),  # transposed
    ],
)
def test_turn(signs, expected):
    assert turn(CORNERS, signs)[..., 0].tolist() == expected


def test_a_frame_without_a_matrix_is_upright():
    assert orientation(av.VideoFrame(16, 16, "yuv420p")) == (1, 0, 0, 1)


@pytest.mark.parametrize("size", [(1, 1), (7, 5), (112, 112)])
def test_to_rgb(size):
    image = np.full((48, 64, 3), (200, 100, 50), np.uint8)
    frame = av.VideoFrame.from_ndarray(image, "rgb24")
    scaled = to_rgb(VideoReformatter(), frame, width_px=size[0], height_px=size[1])
    assert scaled.shape == (size[1], size[0], 3)
    np.testing.assert_allclose(scaled.reshape(-1, 3).mean(0), [200, 100, 50], atol=2)

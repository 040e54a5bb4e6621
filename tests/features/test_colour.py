import numpy as np
import pytest

from mmfusion.features.colour import extract_colour


@pytest.mark.parametrize(
    "frames",
    [np.zeros((4, 4, 3), "uint8"), np.zeros((1, 4, 4, 1), "uint8"), np.zeros((1, 4, 4, 3)), [[1]]],
)
def test_other_shapes_and_types_are_refused(frames):
    with pytest.raises(ValueError, match="`frames` must be uint8"):
        extract_colour(frames)


def test_no_frames():
    assert extract_colour(np.zeros((0, 4, 4, 3), "uint8")).shape == (0, 30)


def test_half_red_half_white_by_hand():
    frame = np.array([[[[255, 0, 0], [255, 255, 255]]]], "uint8")
    found = extract_colour(frame, bins=2)[0]
    np.testing.assert_allclose(found[:6], [1, 0, 0.5, 0.5, 0, 1])  # hue 0, saturation, value
    np.testing.assert_allclose(found[6:], [0, 0.5, 1, 0, 0.5, 0])  # means, deviations

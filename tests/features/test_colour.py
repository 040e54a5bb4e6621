import numpy as np
import pytest
from skimage.color import rgb2hsv

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
    np.testing.assert_allclose(found[6:], [0, 0.5, 1, 0, 0.5, 0], rtol=1e-6)  # means, deviations


@pytest.mark.parametrize("bins", [1, 2, 8, 12])
def test_equals_scikit_image(bins):
    noise = np.random.default_rng(0).integers(0, 256, (2, 50, 60, 3))
    corners = 255 * np.random.default_rng(0).integers(0, 2, (1, 50, 60, 3))  # hues upon edges
    frames = np.concatenate([noise, corners]).astype("uint8")
    hsv = rgb2hsv(frames).reshape(3, 3000, 3)
    at = np.minimum(np.floor(hsv * bins + 1e-9), bins - 1)[..., None]  # (T, H * W, 3, 1)
    shares = (at == np.arange(bins)).mean(axis=1).reshape(3, 3 * bins)
    expected = np.concatenate([shares, hsv.mean(axis=1), hsv.std(axis=1)], axis=1)
    np.testing.assert_allclose(extract_colour(frames, bins=bins), expected, atol=1e-5)


@pytest.mark.parametrize("value", [0, 255])
def test_one_pixel(value):
    found = extract_colour(np.full((1, 1, 1, 3), value, "uint8"), bins=2)[0]
    np.testing.assert_array_equal(found[:6], [1, 0, 1, 0, value == 0, value == 255])

import numpy as np
import pytest
from scipy.stats import skew
from skimage.color import rgb2hsv, rgb2lab

from mmfusion.features.colour import extract_colour, extract_lab


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


def test_lab_equals_scikit_image():
    frames = np.random.default_rng(0).integers(0, 256, (2, 50, 60, 3), np.uint8)
    lab = rgb2lab(frames).reshape(2, 3000, 3)
    found = extract_lab(frames, bins=4)
    np.testing.assert_allclose(found[:, 12:15], lab.mean(axis=1), atol=0.1)
    np.testing.assert_allclose(found[:, 15:18], lab.std(axis=1), atol=0.1)
    np.testing.assert_allclose(found[:, 18:], skew(lab, axis=1), atol=0.01)
    low, width = np.array([0, -127, -127]), np.array([100, 254, 254])
    at = np.clip(np.floor((lab - low) / width * 4), 0, 3)[..., None]
    shares = (at == np.arange(4)).mean(axis=1).reshape(2, 12)
    np.testing.assert_allclose(found[:, :12], shares, atol=0.005)


def test_half_black_half_white_by_hand():
    frame = np.zeros((1, 2, 2, 3), "uint8")
    frame[0, 0] = 255
    found = extract_lab(frame, bins=2)[0]
    np.testing.assert_allclose(found[:2], [0.5, 0.5])
    np.testing.assert_allclose(found[[6, 9, 12]], [50, 50, 0], atol=1e-3)


def test_bins_are_at_least_one():
    with pytest.raises(ValueError, match="`bins` must be at least 1"):
        extract_lab(np.zeros((1, 4, 4, 3), "uint8"), bins=0)

import cv2
import numpy as np
import pytest
from skimage.measure import moments_central, moments_hu, moments_normalized

from mmfusion.features.hog import extract_hog
from mmfusion.features.motion import extract_motion
from mmfusion.features.shape import extract_shape

EXTRACTORS = {
    "hog": (extract_hog, 1764),
    "motion": (extract_motion, 11),
    "shape": (extract_shape, 11),
}
ALL = pytest.mark.parametrize(("extract", "width"), EXTRACTORS.values(), ids=EXTRACTORS)


def drawn(*points, size=128):
    """A white polygon on black: uint8 (1, size, size, 3)."""
    frame = np.zeros((size, size, 3), np.uint8)
    cv2.fillPoly(frame, [np.array(points, np.int32)], (255, 255, 255))
    return frame[None]


ARROW = ((20, 30), (60, 20), (70, 60), (50, 50), (30, 80))


@ALL
@pytest.mark.parametrize("shape", [(0, 4, 4, 3), (1, 1, 1, 3), (2, 1, 1, 3), (2, 7, 90, 3)])
@pytest.mark.parametrize("value", [0, 77, 255])
def test_one_colour_is_neutral(extract, width, shape, value):
    found = extract(np.full(shape, value, "uint8"))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.zeros((shape[0], width)))


@ALL
@pytest.mark.parametrize(
    "frames",
    [np.zeros((4, 4, 3), "uint8"), np.zeros((1, 4, 4, 1), "uint8"), np.zeros((1, 4, 4, 3)), [[1]]],
)
def test_what_is_no_clip_is_refused(extract, width, frames):
    with pytest.raises(ValueError, match="`frames` must be uint8"):
        extract(frames)


@ALL
def test_noise_and_views_are_finite(extract, width):
    noise = np.random.default_rng(0).integers(0, 256, (3, 40, 50, 3)).astype("uint8")
    assert np.isfinite(extract(noise)).all()
    np.testing.assert_array_equal(extract(noise[:, ::-1]), extract(noise[:, ::-1].copy()))


def test_moments_equal_scikit_image():
    part = drawn(*ARROW)[0, ..., 0] > 0
    hu = moments_hu(moments_normalized(moments_central(part.T.astype(float))))
    expected = np.sign(hu) * np.log10(1 + np.abs(hu) / 1e-8)
    np.testing.assert_allclose(extract_shape(drawn(*ARROW))[0, :7], expected, atol=1e-3)


def test_moments_stay_with_place_size_and_turning():
    first = extract_shape(drawn(*ARROW))[0, :7]
    moved = drawn(*[(x + 40, y + 30) for x, y in ARROW])
    larger = drawn(*[(2 * x, 2 * y) for x, y in ARROW], size=256)
    turned = np.rot90(drawn(*ARROW), axes=(1, 2))
    for other in (moved, larger, turned):
        np.testing.assert_allclose(extract_shape(other)[0, :4], first[:4], atol=0.05)


def test_contours_by_hand():
    frame = np.zeros((100, 100, 3), np.uint8)
    cv2.circle(frame, (50, 50), 30, (255, 255, 255), -1)
    share, roundness, solidity, extent = extract_shape(frame[None])[0, 7:]
    np.testing.assert_allclose(share, np.pi * 0.09, rtol=0.05)
    assert roundness > 0.85
    assert solidity > 0.97
    np.testing.assert_allclose(extent, np.pi / 4, rtol=0.05)
    corner = drawn((10, 10), (90, 10), (90, 20), (20, 20), (20, 90), (10, 90))
    assert extract_shape(corner)[0, 9] < 0.5

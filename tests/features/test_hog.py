import numpy as np
import pytest
from skimage.feature import hog

from mmfusion.features.hog import extract_hog


def waves(turn):
    """Stripes across a frame, in the direction of `turn` in radians."""
    y, x = np.mgrid[:64, :64]
    stripes = 127 + 120 * np.sin((x * np.cos(turn) + y * np.sin(turn)) / 3)
    return np.repeat(stripes.astype("uint8")[None, ..., None], 3, axis=-1)


@pytest.mark.parametrize("degrees", [10, 50, 90, 130, 170])
def test_directions_as_in_scikit_image(degrees):
    frames = waves(np.radians(degrees))
    ours = extract_hog(frames).reshape(7, 7, 2, 2, 9).sum(axis=(0, 1, 2, 3))
    theirs = hog(frames[0], cells_per_block=(2, 2), block_norm="L2-Hys", channel_axis=-1)
    theirs = theirs.reshape(7, 7, 2, 2, 9).sum(axis=(0, 1, 2, 3))
    assert ours.argmax() == theirs.argmax() == degrees // 20
    assert np.corrcoef(ours, theirs)[0, 1] > 0.95


def test_edges_stand_where_they_are():
    frames = np.zeros((1, 64, 64, 3), "uint8")
    frames[:, :24, :24] = waves(0.0)[:, :24, :24]
    blocks = np.linalg.norm(extract_hog(frames).reshape(7, 7, 36), axis=-1)  # columns first
    np.testing.assert_allclose(blocks[:2, :2], 1, atol=0.01)
    np.testing.assert_array_equal(blocks[4:], 0)
    np.testing.assert_array_equal(blocks[:, 4:], 0)


def test_brightness_and_contrast_change_little():
    frames = waves(0.3)
    np.testing.assert_allclose(extract_hog(frames // 2 + 20), extract_hog(frames), atol=0.05)


@pytest.mark.parametrize("size_px", [0, 8, 60, -16])
def test_bad_sizes(size_px):
    with pytest.raises(ValueError, match="`size_px` must be a multiple of 8"):
        extract_hog(np.zeros((1, 9, 9, 3), "uint8"), size_px=size_px)

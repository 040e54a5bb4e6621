import numpy as np
import pytest
from scipy.stats import skew
from skimage.color import rgb2lab

from mmfusion.features.lab import extract_lab


def test_equals_scikit_image():
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

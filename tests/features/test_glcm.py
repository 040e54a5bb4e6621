import cv2
import numpy as np
import pytest
from skimage.feature import graycomatrix, graycoprops

from mmfusion.features.glcm import extract_glcm

PROPERTIES = ("contrast", "dissimilarity", "homogeneity", "energy", "correlation")


@pytest.mark.parametrize(("levels", "distance_px"), [(2, 1), (16, 1), (256, 1)])
def test_equals_scikit_image(levels, distance_px):
    frame = np.random.default_rng(0).integers(0, 256, (30, 41, 3), np.uint8)
    frame = cv2.GaussianBlur(frame, (0, 0), 1.5)
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(int) * levels // 256
    angles = [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4]
    table = graycomatrix(
        grey.astype("uint8"), [distance_px], angles, levels, symmetric=True, normed=True
    )
    expected = [graycoprops(table, name).mean() for name in PROPERTIES]
    found = extract_glcm(frame[None], levels=levels, distance_px=distance_px)[0]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_stripes_by_hand():
    frame = np.zeros((1, 4, 4, 3), "uint8")
    frame[:, :, ::2] = 255  # columns in turn: three of four directions cross a step
    contrast, dissimilarity, homogeneity, energy, _ = extract_glcm(frame, levels=2)[0]
    np.testing.assert_allclose([contrast, dissimilarity], 0.75)
    np.testing.assert_allclose(homogeneity, (1 + 3 * 0.5) / 4)
    np.testing.assert_allclose(energy, np.sqrt(0.5), rtol=0.01)


@pytest.mark.parametrize(("levels", "distance_px"), [(1, 1), (257, 1), (16, 0)])
def test_settings_out_of_range(levels, distance_px):
    with pytest.raises(ValueError, match="`levels` must be from 2 to 256"):
        extract_glcm(np.zeros((1, 4, 4, 3), "uint8"), levels=levels, distance_px=distance_px)

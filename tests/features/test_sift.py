import cv2
import numpy as np
import pytest

from mmfusion.features.sift import extract_sift


@pytest.fixture(scope="module")
def frame():
    noise = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)
    return cv2.resize(noise, (128, 128), interpolation=cv2.INTER_CUBIC)


def test_descriptors_of_length_one(frame):
    (points,) = extract_sift(frame[None], most=50)
    assert points.shape == (50, 128)
    assert points.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1, rtol=1e-5)


def test_points_are_found_again_from_elsewhere(frame):
    first, turned = extract_sift(np.stack([frame, np.rot90(frame)]))
    likeness = (first @ turned.T).max(axis=1)
    other = np.random.default_rng(1).permuted(first, axis=1)
    assert np.median(likeness) > 0.95 > np.median((other @ turned.T).max(axis=1))


def test_nothing_stands_out():
    assert [len(points) for points in extract_sift(np.zeros((1, 1, 1, 3), "uint8"))] == [0]
    assert extract_sift(np.zeros((0, 9, 9, 3), "uint8")) == []


def test_at_least_one_point_is_asked_for(frame):
    with pytest.raises(ValueError, match="`most` must be at least 1"):
        extract_sift(frame[None], most=0)

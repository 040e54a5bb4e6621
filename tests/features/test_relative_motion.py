import cv2
import numpy as np
import pytest

from mmfusion.features.relative_motion import extract_relative_motion

SIDE, DOWN, UP = 0, 1, 2
MEAN, MOST, TURNING, SPREADING, ENTROPY = 5, 9, 10, 11, 12


@pytest.fixture(scope="module")
def scene():
    noise = np.random.default_rng(0).integers(0, 256, (24, 24, 3), np.uint8)
    return cv2.resize(noise, (192, 192), interpolation=cv2.INTER_CUBIC)


def moved(scene, right, down):
    return np.roll(scene, (down, right), axis=(0, 1))[32:160, 32:160]


@pytest.mark.parametrize(
    ("shape", "rows"), [((0, 32, 32, 3), 0), ((1, 32, 32, 3), 1), ((4, 1, 1, 3), 1)]
)
def test_nothing_to_compare(shape, rows):
    found = extract_relative_motion(np.zeros(shape, "uint8"))
    np.testing.assert_array_equal(found, np.zeros((rows, 13)))


def test_a_moving_camera_is_no_motion(scene):
    still = np.stack([scene[32:160, 32:160]] * 2)
    panned = np.stack([moved(scene, 0, 0), moved(scene, 3, 2)])
    assert extract_relative_motion(still)[0, MEAN] < 0.01
    assert extract_relative_motion(panned)[0, MEAN] < 0.2


@pytest.mark.parametrize(
    ("right", "down", "where"), [(4, 0, SIDE), (-4, 0, SIDE), (0, 4, DOWN), (0, -4, UP)]
)
def test_what_moves_before_the_background(scene, right, down, where):
    frames = np.stack([scene[32:160, 32:160]] * 2)
    frames[0, 40:80, 40:80] = scene[:40, :40]
    frames[1, 40 + down : 80 + down, 40 + right : 80 + right] = scene[:40, :40]
    found = extract_relative_motion(frames)[0]
    assert found[:5].argmax() == where
    assert 2.5 < found[MOST] < 6
    assert found[TURNING] > 0 < found[SPREADING]
    assert 0 < found[ENTROPY] < np.log(8) + 1e-6


def test_a_mirrored_clip_is_described_alike(scene):
    frames = np.stack([scene[32:160, 32:160]] * 2)
    frames[1, 40:80, 44:84] = frames[0, 40:80, 40:80]
    found, mirrored = extract_relative_motion(frames), extract_relative_motion(frames[:, :, ::-1])
    np.testing.assert_allclose(mirrored, found, rtol=0.1, atol=0.02)


@pytest.mark.parametrize("frames", [np.zeros((2, 9, 9, 3)), np.zeros((9, 9, 3), "uint8")])
def test_what_is_no_clip_is_refused(frames):
    with pytest.raises(ValueError, match="`frames` must be uint8"):
        extract_relative_motion(frames)

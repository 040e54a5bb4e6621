import cv2
import numpy as np
import pytest

from mmfusion.preprocessing.stabilisation import estimate_motion, stabilise


def seen_by(scene, right, down, turn_deg=0.0, scale=1.0):
    """The scene as a moved camera sees it: it shifts by (right, down), turns about its middle."""
    size = scene.shape[1::-1]
    middle = ((size[0] - 1) / 2, (size[1] - 1) / 2)
    matrix = cv2.getRotationMatrix2D(middle, -turn_deg, scale)
    matrix[:, 2] += right, down
    return cv2.warpAffine(scene, matrix, size, borderMode=cv2.BORDER_REFLECT)


@pytest.fixture(scope="module")
def shaky(scene):
    moves = np.random.default_rng(0).normal(0, (2.0, 2.0, 1.0), (24, 3))
    moves[0] = 0
    return np.stack([seen_by(scene, *move) for move in moves])


def residual_px(frames):
    return np.abs(estimate_motion(frames)[1:, :2]).mean()


@pytest.mark.parametrize(
    "move", [(0, 0, 0, 1), (3, -2, 0, 1), (0, 0, 2, 1), (0, 0, 0, 1.03), (-2, 1, -1.5, 0.98)]
)
def test_known_motion_is_found(scene, move):
    found = estimate_motion(np.stack([scene, seen_by(scene, *move)]))
    right, down, turn_deg, scale = move
    np.testing.assert_array_equal(found[0], 0)
    np.testing.assert_allclose(found[1, :2], [right, down], atol=0.15)
    np.testing.assert_allclose(found[1, 2:], [np.radians(turn_deg), np.log(scale)], atol=4e-3)


@pytest.mark.parametrize("smooth_steps", [8.0, np.inf])
def test_shake_goes(shaky, smooth_steps):
    assert residual_px(stabilise(shaky, smooth_steps=smooth_steps)) < 0.35 * residual_px(shaky)


def test_a_held_camera_sees_the_first_frame(shaky, psnr_db):
    inside = np.s_[:, 16:-16, 16:-16]
    still = np.repeat(shaky[:1], len(shaky), axis=0)
    held = stabilise(shaky, smooth_steps=np.inf)
    assert psnr_db(still[inside], held[inside]) > psnr_db(still[inside], shaky[inside]) + 6


def test_a_pan_stays_a_pan(scene):
    pan = np.stack([seen_by(scene, 2 * t, 0) for t in range(20)])
    found = estimate_motion(stabilise(pan))[5:-5, 0]
    np.testing.assert_allclose(found, 2, atol=0.4)


def test_flat_frames_have_no_motion():
    np.testing.assert_array_equal(estimate_motion(np.full((3, 32, 32, 3), 7, "uint8")), 0)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"smooth_steps": 0}, "`smooth_steps` must be positive"),
        ({"smooth_steps": np.nan}, "`smooth_steps` must be positive"),
        ({"motion": np.zeros((3, 4))}, r"`motion` must have shape \(2, 4\)"),
    ],
)
def test_bad_settings(scene, settings, message):
    with pytest.raises(ValueError, match=message):
        stabilise(np.stack([scene, scene]), **settings)

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from mmfusion.features.motion import extract_motion

NOISE = gaussian_filter(np.random.default_rng(0).normal(size=(96, 96)), 3)
TEXTURE = np.interp(NOISE, (NOISE.min(), NOISE.max()), (0, 255)).astype("uint8")


def shifted(right, down):
    """Two frames of a texture that moves: uint8 (2, 64, 64, 3)."""
    views = [TEXTURE[16:80, 16:80], TEXTURE[16 - down : 80 - down, 16 - right : 80 - right]]
    return np.stack(views)[..., None].repeat(3, axis=-1)


@pytest.mark.parametrize(
    ("right", "down", "bin_"),
    [(3, 0, 0), (2, 2, 1), (0, 3, 2), (-2, 2, 3), (-3, 0, 4), (0, -3, 6), (2, -2, 7)],
)
def test_known_shifts(right, down, bin_):
    first, found = extract_motion(shifted(right, down))
    np.testing.assert_array_equal(first, 0)
    assert found[:8].argmax() == bin_
    np.testing.assert_allclose(found[8], np.hypot(right, down), rtol=0.15)
    np.testing.assert_allclose(found[:8].sum(), found[8], rtol=1e-5)
    assert found[bin_] > 0.8 * found[8]


def test_a_still_clip_does_not_move():
    np.testing.assert_allclose(extract_motion(shifted(0, 0)), 0, atol=0.05)


def test_a_moving_part_is_seen_in_the_quantile():
    frames = shifted(0, 0)
    frames[1, 20:44, 20:44] = shifted(4, 0)[1, 20:44, 20:44]
    found = extract_motion(frames)[1]
    assert found[10] > 4 * found[8]


def test_bad_settings():
    with pytest.raises(ValueError, match="`bins` must be at least 1"):
        extract_motion(shifted(0, 0), bins=0)

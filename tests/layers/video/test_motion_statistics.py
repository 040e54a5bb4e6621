"""How much, how unevenly and in how many directions a picture moves: against known movement."""

import keras
import numpy as np
import pytest

from mmfusion.features.relative_motion import extract_relative_motion
from mmfusion.layers.video.motion_statistics import SMALLEST, UNIT_PX, MotionStatistics

PRESENT = np.ones((1, 2), bool)
NOTHING = np.log(SMALLEST)


def scene(px=112, seed=0):
    """A picture `(px, px, 3)` of smooth blobs in [-1, 1]."""
    coarse = np.random.default_rng(seed).uniform(-1, 1, (px // 8, px // 8, 3)).astype("float32")
    return keras.ops.convert_to_numpy(keras.ops.image.resize(coarse, (px, px), "bicubic"))


def moved(right_px, down_px):
    """Two frames `(1, 2, 112, 112, 3)`; a square in their middle moves, the rest stands still."""
    before, patch = scene(), scene(48, seed=1)
    after = before.copy()
    before[32:80, 32:80] = patch
    after[32 + down_px : 80 + down_px, 32 + right_px : 80 + right_px] = patch
    return np.stack([before, after])[None]


def described(frames, mask=PRESENT):
    return MotionStatistics()(frames, mask).numpy()


def test_a_still_picture_does_not_move():
    told = described(np.repeat(scene()[None, None], 2, axis=1))
    np.testing.assert_allclose(told[0, 1, :12], NOTHING, atol=1e-3)


def test_the_first_step_and_a_clip_of_one_are_zeros():
    assert not described(moved(2, 0))[0, 0].any()
    assert not described(moved(2, 0)[:, :1], PRESENT[:, :1]).any()


@pytest.mark.parametrize(
    ("right_px", "down_px", "most"),
    [(2, 0, 0), (-2, 0, 0), (0, 2, 1), (0, -2, 2), (2, 2, 3), (-2, -2, 4)],
)
def test_the_direction_of_what_moves_stands_out(right_px, down_px, most):
    told = described(moved(right_px, down_px))[0, 1]
    assert np.argmax(told[:5]) == most


def test_a_camera_that_moves_is_taken_away():
    """The whole picture two pixels to the right, beside only a square of it."""
    picture = scene(128)
    panned = described(np.stack([picture[8:120, 8:120], picture[8:120, 6:118]])[None])[0, 1]
    square = described(moved(2, 0))[0, 1]
    assert panned[5] < square[5] - 0.5  # the mean of the size


def test_the_size_is_that_of_the_movement():
    """Cells are two pixels wide: a square that moves two pixels moves one cell."""
    fastest = UNIT_PX * (np.exp(described(moved(2, 0))[0, 1, 8]) - SMALLEST)
    assert 0.7 < fastest < 1.5  # the 99 % quantile, in cells


def test_left_and_right_count_the_same():
    right, left = described(moved(2, 1))[0, 1], described(moved(2, 1)[:, :, :, ::-1])[0, 1]
    assert np.argmax(right[:5]) == np.argmax(left[:5]) == 3  # slantwise down
    np.testing.assert_allclose(right[5:12], left[5:12], atol=0.15)


def test_it_ranks_movement_as_farneback_does():
    frames = [moved(right, down) for right in range(4) for down in range(4)]
    ours = [described(pair)[0, 1, 5] for pair in frames]
    theirs = [
        extract_relative_motion(((pair[0] + 1) * 127.5).clip(0, 255).astype("uint8"))[0, 5]
        for pair in frames
    ]
    ranks = (np.argsort(np.argsort(values)) for values in (ours, theirs))
    assert np.corrcoef(*ranks)[0, 1] > 0.9


def test_what_is_absent_is_never_read():
    frames = np.repeat(moved(2, 0), 2, axis=1)  # (1, 4, H, W, 3)
    mask = np.array([[True, True, False, True]])
    expected = described(np.where(mask[..., None, None, None], frames, 0), mask)
    frames[:, 2] = np.nan
    np.testing.assert_array_equal(described(frames, mask), expected)
    assert not expected[0, 2:].any()
    assert expected[0, 1].any()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_small_floats_hold_it(dtype):
    told = keras.ops.cast(MotionStatistics(dtype=dtype)(moved(2, 0), PRESENT), "float32").numpy()
    np.testing.assert_allclose(told, described(moved(2, 0)), atol=0.5)


@pytest.mark.parametrize("shape", [(1, 2, 8, 8, 3), (2, 3, 30, 50, 4), (1, 2, 1, 1, 3)])
def test_any_size_of_picture(shape):
    assert np.isfinite(described(np.ones(shape, "float32"), np.ones(shape[:2], bool))).all()

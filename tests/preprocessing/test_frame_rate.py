import numpy as np
import pytest

from mmfusion.preprocessing.frame_rate import change_frame_rate


def numbered(count):
    """Frames of one pixel that tell their number: (T, 1, 1, 3)."""
    return np.arange(count, dtype="uint8")[:, None, None, None].repeat(3, axis=-1)


@pytest.mark.parametrize(
    ("times_s", "rate_hz", "frames", "new_s"),
    [
        ([], 5, [], []),
        ([3.0], 5, [0], [3.0]),
        ([0.0, 0.1, 0.2, 0.3, 0.4], 5, [0, 2, 4], [0.0, 0.2, 0.4]),
        (
            [0.0, 0.5, 1.0],
            4,
            [0, 0, 1, 1, 2],
            [0, 0.25, 0.5, 0.75, 1.0],
        ),  # a tie goes to the earlier
        ([1.0, 1.1, 1.2, 2.0], 2, [0, 2, 3], [1.0, 1.5, 2.0]),  # uneven, late start
        ([1.0, 1.0], 2, [0], [1.0]),
    ],
)
def test_nearest_by_hand(times_s, rate_hz, frames, new_s):
    found, found_s = change_frame_rate(numbered(len(times_s)), times_s, rate_hz)
    np.testing.assert_array_equal(found[:, 0, 0, 0], frames)
    np.testing.assert_allclose(found_s, new_s)


def test_a_frame_is_never_further_than_the_nearest():
    times_s = np.sort(np.random.default_rng(0).uniform(0, 5, 120))
    found, new_s = change_frame_rate(numbered(120), times_s, 30)
    off_s = np.abs(times_s[found[:, 0, 0, 0]] - new_s)
    np.testing.assert_allclose(off_s, np.abs(times_s - new_s[:, None]).min(axis=1))


@pytest.mark.parametrize(
    ("times_s", "rate_hz", "message"),
    [
        ([0.0], 5, "`times_s` must hold 2"),
        ([0.0, np.nan], 5, "`times_s` must hold 2 finite"),
        ([0.1, 0.0], 5, "`times_s` must not fall"),
        ([0.0, 0.1], 0, "`rate_hz` must be positive"),
        ([0.0, 0.1], np.inf, "`rate_hz` must be positive"),
        ([0.0, 0.1], np.nan, "`rate_hz` must be positive"),
    ],
)
def test_bad_settings(times_s, rate_hz, message):
    with pytest.raises(ValueError, match=message):
        change_frame_rate(numbered(2), times_s, rate_hz)

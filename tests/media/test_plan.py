import numpy as np
import pytest

from mmfusion.media.plan import choose, group_times, route

# Two groups of five pictures in the order of decoding: I P b P b | I P b P b, 0.1 s apart.
TIMES_S = np.array([0.0, 0.2, 0.1, 0.4, 0.3, 0.5, 0.7, 0.6, 0.9, 0.8])
KEYS = np.isin(np.arange(10), [0, 5])
REFERENCES = ~np.isin(np.arange(10), [2, 4, 7, 9])


@pytest.mark.parametrize(
    ("wanted_s", "tolerance_s", "expected"),
    [
        ([], 0.1, []),
        ([0.0], 0.0, [0]),
        ([0.1], 0.0, [2]),  # exact: the unreferenced picture
        ([0.11], 0.1, [1]),  # a reference within the tolerance
        ([0.11], 0.05, [2]),  # none: the nearest of all
        ([-5.0, 9.0], 0.0, [0, 8]),
        ([0.3, 0.3], 0.0, [4, 4]),
        ([0.45], 0.0, [3]),  # a tie: the earlier
    ],
)
def test_choose(wanted_s, tolerance_s, expected):
    picks = choose(TIMES_S, KEYS, REFERENCES, np.array(wanted_s), tolerance_s=tolerance_s)
    assert picks.tolist() == expected


def test_keyframes_are_taken_where_they_save_much():
    times_s = np.arange(100) / 10
    keys = np.arange(100) % 50 == 0
    references = np.ones(100, bool)
    wanted_s = np.array([1.2, 5.4])
    picks = choose(times_s, keys, references, wanted_s, tolerance_s=2.0)
    assert picks.tolist() == [0, 54]  # 12 pictures saved; only 4 would be saved in the second group
    assert choose(times_s, keys, references, wanted_s, tolerance_s=1.0).tolist() == [12, 54]


@pytest.mark.parametrize(
    ("picks", "order", "fresh"),
    [
        ([0], [0], [True]),
        ([2], [0, 1, 2], [True, False, False]),
        ([3], [0, 1, 3], [True, False, False]),
        ([0, 9], [0, 5, 6, 8, 9], [True, True, False, False, False]),
        ([3, 5], [0, 1, 3, 5], [True, False, False, False]),  # nothing was left out between
        ([7, 7], [5, 6, 7], [True, False, False]),
    ],
)
def test_route(picks, order, fresh):
    found_order, found_fresh = route(TIMES_S, KEYS, REFERENCES, np.array(picks))
    assert found_order.tolist() == order
    assert found_fresh.tolist() == fresh


def test_a_picture_shown_before_its_keyframe_needs_the_group_before():
    times_s = np.array([0.0, 0.1, 0.4, 0.3, 0.5])  # 0.3 leads the keyframe at 0.4
    keys = np.array([1, 0, 1, 0, 0], bool)
    references = np.array([1, 1, 1, 0, 1], bool)
    order, _ = route(times_s, keys, references, np.array([3]))
    assert order.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("wanted_s", "heads", "expected"),
    [
        ([], {}, []),
        ([5.0], {}, [1]),
        ([0.0, 0.5, 1.0], {}, [3]),
        ([0.0, 5.0], {}, [2]),  # no index: too near to seek blindly
        ([0.0, 11.0], {}, [1, 1]),
        ([0.0, 5.0], {0.0: 0, 5.0: 7}, [1, 1]),
        ([0.0, 5.0], {0.0: 0, 5.0: 0}, [2]),  # the same keyframe
        (np.arange(0, 70, 0.9), {}, [34, 34, 10]),
    ],
)
def test_group_times(wanted_s, heads, expected):
    groups = group_times(np.array(wanted_s), lambda time_s: heads.get(time_s, -1))
    assert [len(group) for group in groups] == expected
    assert [i for group in groups for i in group] == list(range(len(wanted_s)))


@pytest.mark.parametrize("tolerance_s", [0.0, 0.05, 0.5, 2.0])
def test_a_slide_is_chosen_until_the_next(tolerance_s):
    times_s, keys = np.array([0.0, 2.4, 5.2]), np.array([1, 1, 1], bool)
    wanted_s = np.array([0.1, 2.3, 2.4, 5.1, 5.3, 9.0])
    picks = choose(times_s, keys, keys, wanted_s, tolerance_s=tolerance_s)
    assert picks.tolist() == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(("tolerance_s", "expected"), [(0.0, 1), (0.03, 1), (0.06, 2)])
def test_a_frame_of_a_movement_may_be_any_within_the_tolerance(tolerance_s, expected):
    times_s, references = np.arange(4) * 0.1, np.array([1, 0, 1, 0], bool)
    keys = np.arange(4) == 0
    picks = choose(times_s, keys, references, np.array([0.16]), tolerance_s=tolerance_s)
    assert picks.tolist() == [expected]

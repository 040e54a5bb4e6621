import numpy as np
import pytest

from mmfusion.preprocessing.frame_picking import pick_changes, pick_evenly, pick_scenes


def clip(*levels):
    return np.array(levels, "uint8")[:, None, None, None] * np.ones((1, 48, 64, 3), "uint8")


@pytest.mark.parametrize(
    ("frames", "count", "picked"),
    [(0, 3, []), (1, 1, [0]), (2, 5, [0, 1]), (10, 2, [2, 7]), (9, 3, [1, 4, 7])],
)
def test_evenly(frames, count, picked):
    assert pick_evenly(clip(*[0] * frames), count).tolist() == picked


@pytest.mark.parametrize(
    ("levels", "threshold", "picked"),
    [
        ([], 8, []),
        ([7], 8, [0]),
        ([0, 0, 0], 8, [0]),
        ([0, 0, 0], 0, [0, 1, 2]),
        ([0, 5, 10, 15, 0], 8, [0, 2, 4]),  # slow changes add up
    ],
)
def test_changes(levels, threshold, picked):
    assert pick_changes(clip(*levels), threshold=threshold).tolist() == picked


@pytest.mark.parametrize(
    ("levels", "shortest_s", "picked"),
    [
        ([], 0.5, []),
        ([9], 0.5, [0]),
        ([30] * 10, 0.5, [0]),
        ([30] * 10 + [150] * 10 + [250] * 10, 0.5, [0, 10, 20]),
        ([30] * 10 + [150] * 2 + [30] * 10, 0.0, [0, 10, 12]),
    ],
)
def test_scenes(levels, shortest_s, picked):
    pytest.importorskip("scenedetect", reason="scenedetect-headless is not installed")
    assert pick_scenes(clip(*levels), 10, shortest_s=shortest_s).tolist() == picked


def test_a_fade_is_no_cut():
    pytest.importorskip("scenedetect", reason="scenedetect-headless is not installed")
    assert pick_scenes(clip(*range(0, 250, 5)), 10).tolist() == [0]


@pytest.mark.parametrize(
    ("pick", "settings"),
    [
        (pick_evenly, {"count": 0}),
        (pick_changes, {"threshold": -1}),
        (pick_changes, {"threshold": np.nan}),
        (pick_scenes, {"rate_hz": 0}),
        (pick_scenes, {"rate_hz": 10, "threshold": 0}),
        (pick_scenes, {"rate_hz": 10, "shortest_s": -1}),
    ],
)
def test_settings_out_of_range(pick, settings):
    if pick is pick_scenes:
        pytest.importorskip("scenedetect", reason="scenedetect-headless is not installed")
    with pytest.raises(ValueError, match="must be"):
        pick(clip(1, 2), **settings)

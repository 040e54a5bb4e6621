import numpy as np
import pytest

from mmfusion.evaluation.bootstrap import intervals


def share(right):
    return lambda weights: {"share": weights @ right / weights.sum(axis=1)}


@pytest.mark.parametrize("n", [0, 1])
def test_one_group_tells_nothing_of_the_spread(n):
    def nothing(weights):
        return {"share": np.full(len(weights), np.nan)}

    assert intervals(nothing, np.zeros(n)) == {"share": None}


def test_agrees_with_the_normal_approximation():
    right = np.repeat([1.0, 0.0], [700, 300])
    low, high = intervals(share(right), np.arange(1000))["share"]
    spread = 1.96 * np.sqrt(0.7 * 0.3 / 1000)
    assert [low, high] == pytest.approx([0.7 - spread, 0.7 + spread], abs=0.004)


def test_groups_are_drawn_whole():
    """Ten copies of each clip in one group are worth no more than one clip."""
    right = np.repeat([1.0, 0.0], [70, 30])
    alone = intervals(share(right), np.arange(100))["share"]
    copied = intervals(share(np.repeat(right, 10)), np.repeat(np.arange(100), 10))["share"]
    assert copied == pytest.approx(alone)


def test_groups_may_be_names():
    groups = ["street", "yard", "street", "hall"]
    low, high = intervals(share(np.array([1.0, 0, 1, 0])), groups)["share"]
    assert (low, high) == (0.0, 1.0)


def test_the_seed_decides():
    right = np.random.default_rng(0).random(50)
    first, again, other = (intervals(share(right), np.arange(50), seed=s) for s in (1, 1, 2))
    assert first == again != other


def test_level():
    right = np.repeat([1.0, 0.0], [50, 50])
    narrow = intervals(share(right), np.arange(100), level=0.5)["share"]
    spread = 0.6745 * np.sqrt(0.25 / 100)
    assert narrow == pytest.approx([0.5 - spread, 0.5 + spread], abs=0.012)


def test_undefined_resamples_are_left_out():
    def now_and_then(weights):
        return {"some": np.where(weights[:, 0] > 0, 1.0, np.nan), "never": weights[:, 0] * np.nan}

    assert intervals(now_and_then, np.arange(4)) == {"some": [1.0, 1.0], "never": None}


def test_many_clips_come_in_chunks():
    """Nothing of the size resamples x clips is held at once, and the chunks join up."""
    rows = []

    def watched(weights):
        rows.append(weights.shape)
        return {"sum": weights.sum(axis=1)}

    assert intervals(watched, np.arange(20_000)) == {"sum": [20_000, 20_000]}
    assert sum(count for count, _ in rows) == 1000
    assert max(count for count, _ in rows) * 20_000 <= 2**22


@pytest.mark.parametrize("count", [6, 8, 40])
def test_few_groups_cover_what_they_promise(count):
    rng = np.random.default_rng(0)
    groups = np.arange(count).repeat(6)
    held = []
    for at in range(400):
        clips = rng.normal(size=count)[groups] + rng.normal(size=len(groups))  # about 0
        found = intervals(lambda w, x=clips: {"m": w @ x / w.sum(axis=1)}, groups, seed=at)
        held.append(found["m"][0] < 0 < found["m"][1])
    assert 0.92 < np.mean(held) < 0.98

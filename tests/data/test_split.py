import collections

import numpy as np
import pytest

from mmfusion.data.split import declared_split, folds, split
from mmfusion.specs import Clip


def clips(count, groups, classes=2):
    return [
        Clip(id=str(at), text="a", label=str(at % classes), group=str(at % groups))
        for at in range(count)
    ]


def test_fewer_groups_than_parts():
    with pytest.raises(ValueError, match=r"at least as many groups.*0 groups"):
        split([], (8, 1, 1))
    with pytest.raises(ValueError, match="2 groups"):
        split(clips(10, 2), (8, 1, 1))


@pytest.mark.parametrize("parts", [(), (1, 0), (1, -1)])
def test_bad_parts(parts):
    with pytest.raises(ValueError, match="`parts`"):
        split(clips(10, 10), parts)


def test_as_many_groups_as_parts_fills_each():
    assert [len(part) for part in split(clips(12, 3), (8, 1, 1))] == [4, 4, 4]


@pytest.mark.parametrize("seed", range(5))
def test_groups_stay_whole_and_nothing_is_lost(seed):
    everything = clips(203, 37)
    parts = split(everything, (8, 1, 1), seed=seed)
    groups = [{clip.group for clip in part} for part in parts]
    assert not groups[0] & groups[1]
    assert not groups[0] & groups[2]
    assert not groups[1] & groups[2]
    assert sorted(clip.id for part in parts for clip in part) == sorted(c.id for c in everything)


def test_classes_stay_in_proportion_without_groups():
    everything = [
        Clip(id=str(at), text="a", label="rare" if at % 10 == 0 else "usual") for at in range(200)
    ]
    for part, size in zip(split(everything, (8, 1, 1)), (160, 20, 20), strict=True):
        counts = collections.Counter(clip.label for clip in part)
        assert counts == {"rare": size // 10, "usual": size - size // 10}


def test_same_seed_same_parts():
    everything = clips(100, 40)
    assert split(everything, seed=3) == split(everything, seed=3)
    assert split(everything, seed=3) != split(everything, seed=4)


@pytest.mark.parametrize("by", ["group", None])
def test_the_order_of_rows_changes_nothing(by):
    everything = clips(203, 37)
    parts = split(everything, (8, 1, 1), by=by, seed=3)
    turned = split(everything[::-1], (8, 1, 1), by=by, seed=3)
    assert [{clip.id for clip in part} for part in turned] == [
        {clip.id for clip in part} for part in parts
    ]


def test_folds_test_every_clip_once():
    everything = clips(100, 25)
    tested = []
    for train, test in folds(everything, 5):
        assert len(train) + len(test) == 100
        assert not {clip.group for clip in train} & {clip.group for clip in test}
        tested += [clip.id for clip in test]
    assert sorted(tested) == sorted(clip.id for clip in everything)


def test_declared_split():
    some = [Clip(id=name, text="a", split=name) for name in ("train", "val", "test")]
    assert declared_split(some) == [[clip] for clip in some]
    assert declared_split([*some, Clip(id="x", text="a")]) is None
    assert declared_split([]) is None


@pytest.mark.parametrize("seed", range(5))
def test_a_rare_class_is_in_every_part_where_groups_are_large(seed):
    everything = [
        Clip(
            id=f"{group}-{at}",
            text="a",
            label="rare" if group % 13 == 0 and at == 0 else "usual",
            group=str(group),
        )
        for group in range(39)
        for at in range(5 + group % 3)
    ]
    for part in split(everything, (8, 1, 1), seed=seed):
        assert {clip.label for clip in part} == {"rare", "usual"}


@pytest.mark.parametrize("seed", range(40))
def test_no_fold_is_empty(seed):
    rng = np.random.default_rng(seed)
    rows = [
        Clip(f"{group}-{at}", text="a", group=str(group), label="abc"[rng.integers(3)])
        for group in range(rng.integers(3, 8))
        for at in range(rng.integers(1, 6))
    ]
    for count in range(2, 1 + len({row.group for row in rows})):
        tests = [test for _, test in folds(rows, count, seed=seed)]
        assert all(tests)
        assert len([row for test in tests for row in test]) == len(rows)


@pytest.mark.parametrize("seed", range(5))
def test_the_largest_groups_come_first(seed):
    """Six clips of one group against six alone: in another order nine would face three."""
    rows = [Clip(str(at), text="a", group="large" if at < 6 else str(at)) for at in range(12)]
    assert [len(part) for part in split(rows, (1, 1), seed=seed)] == [6, 6]

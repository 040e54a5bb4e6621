import collections

import pytest

from mmfusion.data.presence_weights import presence_weights


def rows(*patterns):
    """Rows by `(label, steps of sound)`."""
    return [
        {"id": at, "label": label, "valid_steps": {"audio": steps, "video": 4}}
        for at, (label, steps) in enumerate(patterns)
    ]


def test_no_clips():
    assert presence_weights(rows()) == {}


def test_presence_that_tells_nothing():
    weights = presence_weights(rows(("x", 4), ("y", 4), ("x", 0), ("y", 0)))
    assert weights == dict.fromkeys(range(4), 1.0)


def test_a_clip_without_a_label_has_none():
    assert presence_weights(rows(("x", 4), (None, 4))) == {0: 1.0}


def test_presence_and_label_become_independent():
    """Three of four fights are heard, one of four others: by hand 2/3 and 2."""
    patterns = [("fight", 4)] * 3 + [("fight", 0)] + [("other", 1)] + [("other", 0)] * 3
    weights = presence_weights(rows(*patterns))
    assert [weights[at] for at in (0, 3, 4, 5)] == pytest.approx([2 / 3, 2, 2, 2 / 3])
    mass = collections.Counter()
    for at, (label, steps) in enumerate(patterns):
        mass[label, bool(steps)] += weights[at]
    assert list(mass.values()) == pytest.approx([2] * 4)

import numpy as np
import pytest

from mmfusion.evaluation.ablation import ablation

SUBSETS = ["audio", "video", "audio+video"]


def test_every_subset_by_hand(two_bits, balanced):
    rows = ablation(two_bits, balanced)
    assert list(rows) == SUBSETS
    assert [row["accuracy"] for row in rows.values()] == [0.5, 0.5, 1.0]
    assert [row["gain"] for row in rows.values()] == [0.0, 0.0, 0.5]
    # alone, two classes of four are named: precision 1/2, recall 1 each
    assert [row["macro_f1"] for row in rows.values()] == pytest.approx([1 / 3, 1 / 3, 1.0])


def test_positive_tells_the_f1_of_its_class(two_bits, balanced):
    rows = ablation(two_bits, balanced, classes=["00", "01", "10", "11"], positive="10")
    # without the picture it is guessed 0: class 10 has precision 1/2 and recall 1
    assert [row["f1"] for row in rows.values()] == pytest.approx([2 / 3, 0.0, 1.0])


def test_gain_interval_is_paired(two_bits, balanced):
    """The whole is right wherever the best single one is: the gain cannot be negative."""
    rows = ablation(two_bits, balanced)
    low, high = rows["audio+video"]["gain_interval"]
    spread = 1.96 * np.sqrt(0.25 / 24)
    assert [low, high] == pytest.approx([0.5 - spread, 0.5 + spread], abs=0.03)
    assert low > 0
    assert rows["audio"]["gain_interval"] == [0.0, 0.0]


def test_groups_are_resampled_whole(two_bits, balanced):
    """Each group of four holds one clip of each class, so that resampling changes nothing."""
    rows = ablation(two_bits, balanced, groups=np.arange(24) // 4)
    assert rows["audio+video"]["gain_interval"] == [0.5, 0.5]
    assert rows["audio"]["interval"] == [0.5, 0.5]


def test_what_is_absent_stays_absent(two_bits, balanced):
    for inputs, _ in balanced:
        inputs["video_mask"][:] = False
        inputs["video"][:] = 1e9
    rows = ablation(two_bits, balanced)
    assert [rows[name]["accuracy"] for name in SUBSETS] == [0.5, 0.25, 0.5]
    assert rows["audio+video"]["gain"] == 0.0


def test_no_clip_is_undefined(two_bits):
    nothing = dict.fromkeys(["accuracy", "macro_f1", "interval", "gain", "gain_interval"])
    assert ablation(two_bits, []) == dict.fromkeys(SUBSETS, nothing)


def test_one_clip(two_bits, balanced):
    inputs, labels = balanced[0]
    one = [({name: x[3:4] for name, x in inputs.items()}, labels[3:4])]
    rows = ablation(two_bits, one)
    assert [rows[name]["accuracy"] for name in SUBSETS] == [0.0, 0.0, 1.0]
    assert rows["audio+video"]["gain_interval"] is None


@pytest.mark.parametrize("classes", [None, ["a", "b", "c", "d"]])
def test_positive_must_be_a_class(two_bits, balanced, classes):
    with pytest.raises(ValueError, match=r"`positive` must be one of.*'fight'"):
        ablation(two_bits, balanced, classes=classes, positive="fight")

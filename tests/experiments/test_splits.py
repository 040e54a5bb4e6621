"""The rows of a training by part, and what cannot be learned from them."""

import collections
import types

import pytest

from mmfusion.experiments.splits import (
    check_classes,
    count_groups,
    fit_batch_size,
    learnable_classes,
    part_to_score,
    parts_of,
    with_validation,
)
from mmfusion.files import sha256
from mmfusion.specs import MODALITIES, Clip

LABELS = ("a", "b", "a", "a")
CLIPS = [Clip(str(at), text="x", label=label) for at, label in enumerate(LABELS)]


def clips(labels, **fields):
    return [
        Clip(f"{label}{at}", text="x", label=label, **fields) for at, label in enumerate(labels)
    ]


def corpus(rows, path="m.csv", spec=None):
    """Stands for a corpus: its path and its rows."""
    return types.SimpleNamespace(path=path, rows=tuple(rows), spec=spec, modalities=MODALITIES)


def ids(rows):
    return [row.id for row in rows]


def test_eight_to_one_to_one():
    parts = parts_of(corpus(clips("xy" * 10)))
    assert {name: len(part) for name, part in parts.items()} == {"train": 16, "val": 2, "test": 2}
    labels = [collections.Counter(clip.label for clip in part) for part in parts.values()]
    assert labels == [{"x": 8, "y": 8}, {"x": 1, "y": 1}, {"x": 1, "y": 1}]


def test_the_seed_draws_the_split():
    rows = corpus(clips("xy" * 20))
    drawn = [ids(parts_of(rows, seed=seed)["test"]) for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_split_that_is_declared():
    declared = {name: clips("xy", split=name) for name in ("test", "train", "val")}
    parts = parts_of(corpus([clip for part in declared.values() for clip in part]))
    assert {name: list(part) for name, part in parts.items()} == declared


def test_another_corpus_validates_and_nothing_is_tested():
    parts = parts_of(corpus(clips("xyxy")), val=corpus(clips("xyz")[:2], "val.csv"))
    assert [ids(parts[name]) for name in ("train", "val", "test")] == [
        ["x0", "y1", "x2", "y3"],
        ["x0", "y1"],
        [],
    ]


def test_a_corpus_that_validates_leaves_the_declared_test_part():
    rows = [*clips("xy", split="train"), *clips("xy", split="test")]
    rows[2:] = [Clip(f"t{at}", text="x", label=y, split="test") for at, y in enumerate("xy")]
    parts = parts_of(corpus(rows), val=corpus(clips("xy"), "val.csv"))
    assert ids(parts["train"]) == ["x0", "y1"]
    assert ids(parts["test"]) == ["t0", "t1"]


def test_classes_that_validation_does_not_know():
    known, unknown = clips(["calm", "calm"]), clips(["riot", "alarm"])
    val = corpus([Clip("v0", text="x", label="calm")], "val.csv")
    assert len(parts_of(corpus(known), val=val)["val"]) == 1
    message = r"val\.csv: no row to validate on. Received: none of \['alarm', 'riot'\]"
    with pytest.raises(ValueError, match=message):
        parts_of(corpus([*known, *unknown]), val=val)


def test_a_clip_on_both_sides():
    rows = clips("xy")
    val = corpus(rows, "val.csv", spec="of clips")
    with pytest.raises(ValueError, match=r"val\.csv: rows that are trained on\. Received: 'x0'"):
        parts_of(corpus(rows, spec="of clips"), val=val)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (clips("x"), r"m\.csv: each class needs a row .*one to test.*a single one of \['x'\]"),
        (clips("xyy"), r"a single one of \['x'\]"),
        (
            [*clips("xy", split="train"), *clips("xyz", split="val")],
            r"m\.csv: each class needs a row to train on\. Received: none of \['z'\]",
        ),
    ],
)
def test_what_cannot_be_trained_on_is_reported_before_a_clip_is_decoded(rows, message):
    with pytest.raises(ValueError, match=message):
        parts_of(corpus(rows))


@pytest.mark.parametrize(
    ("train", "val", "unseen"), [("xy", "xyz", "z"), ("", "y", "y"), ("x", "zy", "y', 'z")]
)
def test_a_class_that_is_in_no_row_to_train_on(train, val, unseen):
    with pytest.raises(ValueError, match=rf"m\.csv: .* Received: none of \['{unseen}'\]"):
        check_classes("m.csv", {"train": clips(train), "val": clips(val)})


def test_classes_that_are_all_trained_on():
    check_classes("m.csv", {"train": clips("xyz"), "val": clips("x"), "test": []})


def part(labels, quarantined=()):
    return types.SimpleNamespace(classes=sorted(set(labels)), quarantined=tuple(quarantined))


def test_the_classes_of_the_readable_rows():
    parts = {"train": clips("yx"), "val": [*clips("x"), Clip("unlabelled", text="x")]}
    assert learnable_classes(part("yx"), parts, "m.csv") == ["x", "y"]


@pytest.mark.parametrize(
    ("train", "labels", "unseen"),
    [("xy", "xyz", "'z'"), ("x", "xy", "'y'"), ("", "xy", "'x', 'y'")],
)
def test_a_class_whose_rows_cannot_be_read(train, labels, unseen):
    message = rf"m\.csv: each class needs a readable row .*none of \[{unseen}\]"
    with pytest.raises(ValueError, match=message):
        learnable_classes(part(train), {"all": clips(labels)}, "m.csv")


def test_an_eighth_validates():
    train, val = with_validation(clips("xy" * 8))
    assert (len(train), len(val)) == (14, 2)
    assert not set(ids(train)) & set(ids(val))


def test_no_group_is_on_both_sides():
    rows = [Clip(str(at), text="x", label="xy"[at % 2], group=str(at // 2)) for at in range(32)]
    train, val = with_validation(rows, seed=3)
    assert not {row.group for row in train} & {row.group for row in val}
    assert len(train) + len(val) == 32


@pytest.mark.parametrize("rows", [[], clips("x"), clips("xy" * 10, group="all")])
def test_too_few_groups_to_validate_on(rows):
    assert with_validation(rows) == (rows, ())


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([], 0),
        (clips("xyx"), 3),
        (clips("xyx", group="g"), 1),
        ([*clips("xy", group="x0"), *clips("x")], 2),  # a name is not taken for that of a group
    ],
)
def test_groups_and_rows_that_are_alone(rows, count):
    assert count_groups(rows) == count


@pytest.mark.parametrize(
    ("wanted", "raw", "found"), [(None, True, 4), (None, False, 4), (1, True, 1), (4, True, 4)]
)
def test_a_batch_that_the_rows_fill(wanted, raw, found):
    assert fit_batch_size(wanted, CLIPS, raw=raw) == found


@pytest.mark.parametrize(("raw", "found"), [(True, 16), (False, 32)])
def test_rows_of_features_come_more_at_a_time(raw, found):
    assert fit_batch_size(None, range(100), raw=raw) == found


@pytest.mark.parametrize("wanted", [0, 5, -1])
def test_a_batch_larger_than_the_data(wanted):
    with pytest.raises(ValueError, match=f"the 4 rows to train on. Received: batch_size={wanted}"):
        fit_batch_size(wanted, CLIPS, raw=True)


@pytest.mark.parametrize(
    ("name", "trained_on", "expected"),
    [(None, True, "test"), (None, False, "all"), ("val", True, "val"), ("val", False, "val")],
)
def test_the_part_to_score(tmp_path, name, trained_on, expected):
    path = tmp_path / "manifest.csv"
    path.write_text("id,text\n")
    config = {"manifest_sha256": sha256(path)} if trained_on else {}
    assert part_to_score(name, path, config) == expected


def test_a_split_that_is_declared_in_part():
    rows = [*clips("xyxy", split="train"), *clips("xyxyx")[4:]]
    message = r"m\.csv: `split` must be filled in all rows or in none. Received: 1 of 5 .*'x4'"
    with pytest.raises(ValueError, match=message):
        parts_of(corpus(rows))
    with pytest.raises(ValueError, match=message):
        parts_of(corpus(rows), val=corpus(clips("xy"), "val.csv"))


def test_classes_without_rows_to_test_on_are_told_before_training(caplog):
    rows = [Clip(str(at), text="x", label="xy"[at % 2], group=str(at // 4)) for at in range(40)]
    rare = [Clip(f"z{at}", text="x", label="z", group=f"z{at // 2}") for at in range(4)]
    parts = parts_of(corpus([*rows, *rare]))
    assert [record.getMessage() for record in caplog.records] == [
        "m.csv: no row of ['z'] is validated on, by too few groups"
    ]
    assert {row.label for row in parts["test"]} == {"x", "y", "z"}
    caplog.clear()
    parts_of(corpus(rows))
    assert not caplog.records
    declared = [
        *clips("xyz", split="train"),
        *clips("xy", split="test"),
        *clips("xyz", split="val"),
    ]
    parts_of(corpus(declared))
    assert "m.csv: no row of ['z'] is tested on, by their `split`" in caplog.text


def test_a_class_all_of_whose_files_are_missing(tmp_path):
    (tmp_path / "a.mp4").touch()
    rows = [
        Clip(f"{label}{at}", video=tmp_path / f"{name}.mp4", label=label)
        for at in range(3)
        for label, name in (("x", "a"), ("y", f"none{at}"))
    ]
    message = rf"none of \['y'\]; 3 of 4 files are missing, first {tmp_path}/none0\.mp4"
    with pytest.raises(ValueError, match=message):
        check_classes("m.csv", {"train": rows})
    check_classes("m.csv", {"train": rows}, modalities=("text",))


def test_why_a_class_cannot_be_read():
    lost = [{"id": "y1", "kind": "missing", "reason": "/a.mp4: no such file"}]
    message = r"none of \['y'\]; 1 rows cannot be read, first 'y1': missing: /a.mp4: no such file"
    with pytest.raises(ValueError, match=message):
        learnable_classes(part("x", lost), {"all": clips("xy")}, "m.csv")

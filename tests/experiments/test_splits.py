import collections
import types

import pytest

from mmfusion.apps.runs.parts import learnable_classes, part_to_score, parts_of
from mmfusion.files import sha256
from mmfusion.specs import Clip


def clips(labels, **fields):
    return [
        Clip(f"{label}{at}", text="x", label=label, **fields) for at, label in enumerate(labels)
    ]


def options(**fields):
    return types.SimpleNamespace(
        **{"manifest": "m.csv", "label": "label", "group": "group", "val": None, "seed": 0}
        | {"batch_size": None}
        | fields
    )


def test_eight_to_one_to_one():
    parts = parts_of([*clips("xy" * 10), Clip("unlabelled", text="x")], options())
    assert {name: len(part) for name, part in parts.items()} == {"train": 16, "val": 2, "test": 2}
    labels = [collections.Counter(clip.label for clip in part) for part in parts.values()]
    assert labels == [{"x": 8, "y": 8}, {"x": 1, "y": 1}, {"x": 1, "y": 1}]


def test_what_the_manifest_declares():
    declared = {name: clips("xy", split=name) for name in ("test", "train", "val")}
    assert parts_of([clip for part in declared.values() for clip in part], options()) == declared


@pytest.mark.parametrize("labels", ["", [None, None]])
def test_no_label(labels):
    with pytest.raises(ValueError, match=r"m\.csv: no clip has a 'label'"):
        parts_of(clips(labels), options())


def records(labels):
    return types.SimpleNamespace(classes=sorted(set(labels)))


@pytest.mark.parametrize(
    ("train", "val", "labels", "message"),
    [
        ("xy", "x", "xyz", r"to train on\. Received: none of \['z'\]"),
        ("x", "xy", "xy", r"none of \['y'\]"),
        ("xy", "", "xy", "clip to validate on"),
        ("", "", "xy", r"none of \['x', 'y'\]"),
    ],
)
def test_what_cannot_be_learned(train, val, labels, message):
    with pytest.raises(ValueError, match=message):
        learnable_classes(records(train), records(val), {"all": clips(labels)}, "m.csv")


def test_classes_are_sorted():
    parts = {"train": clips("yx"), "val": [*clips("x"), Clip("unlabelled", text="x")]}
    assert learnable_classes(records("yx"), records("x"), parts, "m.csv") == ["x", "y"]


def test_labels_that_validation_does_not_know(tmp_path):
    (tmp_path / "val.csv").write_text("id,text,label\nv0,x,calm\nv1,x,calm\n")
    asked = options(val=str(tmp_path / "val.csv"))
    known = clips(["calm", "calm"])
    assert len(parts_of(known, asked)["val"]) == 2
    with pytest.raises(ValueError, match=r"to validate on. Received: none of \['alarm', 'riot'\]"):
        parts_of([*known, *clips(["riot", "alarm"])], asked)


@pytest.mark.parametrize(
    ("train", "val", "batch_size", "message"),
    [
        ("xy", "xyz", None, r"m\.csv: each class needs a clip to train on.*none of \['z'\]"),
        ("xxy", "x", 4, "must be 1 to the 3 clips to train on. Received: batch_size=4"),
    ],
)
def test_what_cannot_be_trained_on_is_told_before_a_clip_is_decoded(
    train, val, batch_size, message
):
    declared = [*clips(train, split="train"), *clips(val, split="val")]
    with pytest.raises(ValueError, match=message):
        parts_of(declared, options(batch_size=batch_size))


@pytest.mark.parametrize(
    ("part", "trained_on", "expected"),
    [(None, True, "test"), (None, False, "all"), ("val", True, "val"), ("val", False, "val")],
)
def test_the_part_to_score(tmp_path, part, trained_on, expected):
    path = tmp_path / "manifest.csv"
    path.write_text("id,text\n")
    config = {"manifest_sha256": sha256(path)} if trained_on else {}
    assert part_to_score(part, path, config) == expected


def test_a_part_to_score_must_be_one(tmp_path):
    with pytest.raises(ValueError, match="`part` must be one of"):
        part_to_score("rest", tmp_path, {})

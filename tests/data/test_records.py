from pathlib import Path

import pytest

from mmfusion.data.records import Records, read_records, write_index
from mmfusion.specs import Clip, ClipSpec

CLIPS = tuple({"id": name, "label": label} for name, label in (("a", "y"), ("b", None), ("c", "x")))


@pytest.fixture
def records(tmp_path):
    shard = {"name": "shard-00000.tfrecord", "count": 3, "bytes": 0, "sha256": "0"}
    bad = {"id": "d", "kind": "empty", "reason": "zero bytes"}
    return Records(tmp_path, ClipSpec(steps=4), (shard,), CLIPS, (bad,))


def test_none():
    nothing = Records(Path("x"), ClipSpec(), (), (), ())
    assert (len(nothing), nothing.paths, nothing.rows, nothing.classes) == (0, [], [], [])
    nothing.verify()


def test_what_they_tell(records):
    assert len(records) == 3
    assert records.paths == [str(records.folder / "shard-00000.tfrecord")]
    assert records.classes == ["x", "y"]


@pytest.mark.parametrize(("ids", "kept"), [("", ""), ("c", "c"), ("ca", "ac"), ("dzb", "b")])
def test_selected_in_order(records, ids, kept):
    some = records.select(Clip(name, text="x") for name in ids)
    assert [row["id"] for row in some.rows] == list(kept)
    assert len(some) == len(kept)
    assert len(records) == 3


def test_index_round_trip(records):
    write_index(records)
    assert read_records(records.folder) == records


def test_a_missing_shard_is_named(records):
    with pytest.raises(ValueError, match=r"shard-00000\.tfrecord: expected 0 bytes.*None"):
        records.verify()

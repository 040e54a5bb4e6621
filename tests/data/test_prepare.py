import json
import os
import pickle
import signal
import subprocess
import sys
import time

import pytest
import tensorflow as tf

from mmfusion.data.manifest import read_manifest
from mmfusion.data.prepare import SHARD_CLIPS, prepare, prepare_clip, shard_key
from mmfusion.data.records import read_records
from mmfusion.media.errors import DecodeError
from mmfusion.specs import Clip


def test_no_clips(tmp_path, spec):
    records = prepare([], spec, tmp_path, quiet=True)
    assert (len(records), records.shards, records.quarantined) == (0, (), ())


def test_broken_files_are_listed_and_the_rest_kept(corpus, records):
    clips = read_manifest(corpus)
    broken = [clip.id for clip in clips if clip.id.startswith("broken")]
    assert [row["id"] for row in records.quarantined] == broken
    assert [row["kind"] for row in records.quarantined][:2] == ["empty", "not_media"]
    assert all(row["reason"] for row in records.quarantined)
    assert [row["id"] for row in records.clips] == [c.id for c in clips if c.id not in broken]


def test_index_tells_the_truth(records):
    again = read_records(records.folder)
    assert again == records
    again.verify()
    count = sum(1 for path in records.paths for _ in tf.data.TFRecordDataset(path))
    assert count == len(records) == sum(shard["count"] for shard in records.shards)


def test_missing_modalities_have_no_valid_steps(records):
    steps = {row["id"]: row["valid_steps"] for row in records.clips}
    complete = [row for name, row in steps.items() if name.startswith("test")]
    assert all(row["video"] == 4 and row["audio"] == 4 and row["text"] > 0 for row in complete)


def test_prepare_clip_is_pure(corpus, spec):
    clip = read_manifest(corpus)[-4]
    first, again = prepare_clip(clip, spec), prepare_clip(clip, spec)
    assert {name: (value.shape, value.dtype.kind) for name, value in first.items()} == {
        "audio": ((4, 4000), "f"),
        "audio_mask": ((4,), "b"),
        "text": ((4,), "O"),
        "text_mask": ((4,), "b"),
        "video": ((4, 32, 32, 3), "u"),
        "video_mask": ((4,), "b"),
    }
    assert all((first[name] == again[name]).all() for name in first)


def test_prepare_clip_raises_for_a_missing_file(spec, tmp_path):
    with pytest.raises(DecodeError, match="missing"):
        prepare_clip(Clip(id="x", video=tmp_path / "none.mp4"), spec)


def _touched(folder):
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("shard-*")}


def test_what_is_done_is_not_done_again(corpus, spec, tmp_path):
    clips = read_manifest(corpus)[:3]
    first = prepare(clips, spec, tmp_path, quiet=True)
    before = _touched(tmp_path)
    assert prepare(clips, spec, tmp_path, quiet=True) == first
    assert _touched(tmp_path) == before
    assert prepare(clips[:2], spec, tmp_path, quiet=True) != first
    assert _touched(tmp_path) != before


def test_key_depends_on_content_not_on_label(corpus, spec, tmp_path):
    clip = read_manifest(corpus)[0]
    other = Clip(**{**vars(clip), "label": "another", "group": None})
    assert shard_key([clip], spec) == shard_key([other], spec)
    copy = tmp_path / "copy.srt"
    copy.write_text("1\n00:00:00,000 --> 00:00:01,000\nhello\n")
    with_words = Clip(id=clip.id, transcript=copy)
    before = shard_key([with_words], spec)
    copy.write_text("1\n00:00:00,000 --> 00:00:01,000\nhullo\n")
    assert shard_key([with_words], spec) != before


def test_kill_9_resumes_to_the_same_records(corpus, spec, tmp_path):
    clips = [
        Clip(**{**vars(clip), "id": f"{clip.id}-{copy}"})
        for copy in range(6)
        for clip in read_manifest(corpus)
    ]
    assert len(clips) > 3 * SHARD_CLIPS
    whole = prepare(clips, spec, tmp_path / "whole", workers=2, quiet=True)
    code = (
        "import pickle, sys\n"
        "from mmfusion.data.prepare import prepare\n"
        "clips, spec, folder = pickle.load(sys.stdin.buffer)\n"
        "prepare(clips, spec, folder, workers=2, quiet=True)\n"
    )
    cut = tmp_path / "cut"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    child.stdin.write(pickle.dumps((clips, spec, cut)))
    child.stdin.close()
    while len(list(cut.glob("shard-*.json"))) < 2:
        assert child.poll() is None
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    with pytest.raises(FileNotFoundError, match=r"index\.json"):
        read_records(cut)
    done = _touched(cut)
    resumed = prepare(clips, spec, cut, workers=2, quiet=True)
    assert resumed.shards == whole.shards
    assert done.items() <= _touched(cut).items()
    assert {p.name for p in cut.iterdir()} >= {p.name for p in (tmp_path / "whole").iterdir()}
    assert not list(cut.glob("*.tmp"))


def test_flipped_bit_names_the_shard(corpus, spec, tmp_path):
    records = prepare(read_manifest(corpus)[:2], spec, tmp_path, quiet=True)
    path = tmp_path / "shard-00000.tfrecord"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"shard-00000\.tfrecord.*differs"):
        records.verify()
    assert prepare(read_manifest(corpus)[:2], spec, tmp_path, quiet=True) == records
    records.verify()
    path.write_bytes(content[:-1])
    with pytest.raises(ValueError, match=r"shard-00000\.tfrecord: expected \d+ bytes"):
        records.verify()


@pytest.mark.parametrize("content", ["{}", "[]", '{"spec": {"colour": 1}}'])
def test_foreign_index(tmp_path, content):
    (tmp_path / "index.json").write_text(json.dumps(json.loads(content)))
    with pytest.raises(ValueError, match=r"index\.json: not an index"):
        read_records(tmp_path)


@pytest.mark.parametrize("length", [40_000, 500_000])
def test_one_row_never_stops_the_rest(corpus, spec, tmp_path, length):
    """A long text, a huge file, a missing file and captions that are none, among good clips."""
    good = [clip for clip in read_manifest(corpus) if clip.split == "test"][:2]
    huge, words = tmp_path / "huge.mp4", tmp_path / "a.ass"
    huge.touch()
    os.truncate(huge, 300 << 30)
    words.write_text("<html>404</html>")
    long = "fire " * (length // 5)
    clips = [
        good[0],
        Clip("long", text=long),
        Clip("huge", video=huge),
        Clip("missing", video=tmp_path / "none.mp4", text="fire"),
        Clip("page", transcript=words),
        good[1],
    ]
    records = prepare(clips, spec, tmp_path / "out", quiet=True, workers=2)
    assert [row["id"] for row in records.clips] == [good[0].id, "long", good[1].id]
    assert [(row["id"], row["kind"]) for row in records.quarantined] == [
        ("huge", "limit_bytes"),
        ("missing", "missing"),
        ("page", "caption"),
    ]
    reasons = [row["reason"] for row in records.quarantined]
    assert reasons[1] == f"{tmp_path / 'none.mp4'}: no such file"
    assert reasons[2].startswith(f"{words}: line 1: expected `Dialogue:`")
    assert prepare_clip(clips[1], spec)["text"][0] == long.strip()


def test_machine_made_words_are_marked(tmp_path, spec):
    captions = tmp_path / "a.srt"
    captions.write_text("1\n00:00:00,500 --> 00:00:01,500\nhelp us\n")
    person = Clip("a", transcript=captions)
    machine = Clip("a", transcript=captions, transcribed=True)
    assert shard_key([person], spec) != shard_key([machine], spec)
    for clip in (person, machine):
        (row,) = prepare([clip], spec, tmp_path / "out", workers=1, quiet=True).clips
        assert row["transcribed"] is clip.transcribed
    (row,) = read_records(tmp_path / "out").clips
    assert row["transcribed"] is True

import dataclasses
import hashlib
import os

import pytest

from mmfusion.data.content import content_key, fingerprint, fingerprints
from mmfusion.media.limits import Limits
from mmfusion.specs import Clip


def test_what_is_no_file(tmp_path):
    assert fingerprint(None) is None
    assert fingerprint(tmp_path) == fingerprint(tmp_path / "none") == "not a file"


def test_names_do_not_matter(tmp_path):
    for name, content in (("a.mp4", b"one"), ("b.mp4", b"one"), ("c.mp4", b"two")):
        (tmp_path / name).write_bytes(content)
    keys = [content_key(Clip(name, video=tmp_path / f"{name}.mp4", label=name)) for name in "abc"]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("change", [{"text": "b"}, {"start_s": 1.0}, {"end_s": 9.0}])
def test_content_matters(change):
    clip = Clip("a", text="a")
    assert content_key(clip) != content_key(dataclasses.replace(clip, **change))


SPARSE = 300 << 30  # bytes, none of them on the disk


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "a.mp4"
    path.touch()
    os.truncate(path, SPARSE)
    opened = path.stat().st_atime_ns
    assert fingerprint(path).startswith(f"too large: {SPARSE} bytes")
    clips = [Clip("a", video=path), Clip("b", text="b")]
    assert fingerprints(clips) == {path: fingerprint(path)}
    assert content_key(clips[0]) != content_key(dataclasses.replace(clips[0], video=tmp_path / "b"))
    assert path.stat().st_atime_ns == opened


def test_files_are_told_apart_wherever_they_are_read(tmp_path, monkeypatch):
    paths = [tmp_path / name for name in ("a.mp4", "b.mp4", "c.wav")]
    for path, content in zip(paths, (b"one", b"other", b"one"), strict=True):
        path.write_bytes(content * 100)
    clips = [Clip("a", video=paths[0]), Clip("b", video=paths[1], audio=paths[2])]
    expected = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    assert fingerprints([]) == {}
    assert fingerprints(clips) == expected
    monkeypatch.setattr("mmfusion.data.content.SMALL_BYTES", 10)
    assert fingerprints(clips, workers=1) == expected


def test_a_file_that_takes_too_long_is_known_by_its_size_and_date(tmp_path, monkeypatch):
    monkeypatch.setattr("mmfusion.data.content.SMALL_BYTES", 10)
    path = tmp_path / "a.mp4"
    path.touch()
    os.truncate(path, 300 << 30)
    limits = Limits(file_bytes=400 << 30, wall_s=0.2)
    found = fingerprints([Clip("a", video=path)], workers=1, limits=limits)
    assert found[path].startswith(f"timeout: {SPARSE} bytes")

import dataclasses

import pytest

from mmfusion.data.cache import prepared
from mmfusion.data.manifest import read_manifest


@pytest.fixture
def clips(corpus):
    return [dataclasses.replace(clip, video=None) for clip in read_manifest(corpus)[-4:-3]]


def test_same_content_same_folder(clips, spec, tmp_path):
    first = prepared(clips, spec, cache=tmp_path)
    relabelled = [dataclasses.replace(clip, label="other") for clip in clips]
    again = prepared(relabelled, spec, cache=tmp_path)
    assert first.folder == again.folder
    assert again.classes == ["other"]
    other = prepared(clips, dataclasses.replace(spec, steps=2), cache=tmp_path)
    assert other.folder != first.folder
    assert {path.name for path in tmp_path.iterdir()} == {first.folder.name, other.folder.name}


def test_the_users_cache_by_default(clips, spec, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert prepared(clips, spec).folder.parent == tmp_path / "xdg" / "mmfusion"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert prepared(clips, spec).folder.parent == tmp_path / "home" / ".cache" / "mmfusion"

import dataclasses

import pytest

from mmfusion.data.content import content_key, fingerprint
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

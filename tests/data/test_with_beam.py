import sys

import pytest

from mmfusion.data.manifest import read_manifest
from mmfusion.data.prepare import prepare
from mmfusion.data.synthetic import CorpusSize, make_corpus
from mmfusion.data.with_beam import with_beam
from mmfusion.specs import ClipSpec


def test_without_beam_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "apache_beam", None)
    with pytest.raises(ImportError, match=r"pip install 'mmfusion\[beam\]'"):
        with_beam(print, [1])


@pytest.mark.filterwarnings("ignore")  # of a hundred packages that Beam brings
def test_records_equal_those_of_this_machine_alone(tmp_path):
    pytest.importorskip("apache_beam", reason="the extra `beam` is not installed")
    clips = read_manifest(make_corpus(tmp_path, CorpusSize(train=0, val=0, test=9, broken=2)))
    spec = ClipSpec(seconds=2.0, steps=2, size_px=16, sample_rate_hz=8000)
    local = prepare(clips, spec, tmp_path / "local", workers=1, quiet=True)
    spread = prepare(clips, spec, tmp_path / "beam", workers=1, quiet=True, run_all=with_beam)
    assert len(local) == len(spread) == 72
    assert [row["id"] for row in spread.quarantined] == ["broken000", "broken001"]
    names = ["shard-00000.tfrecord", "shard-00001.tfrecord", "index.json"]
    for name in names:
        ours, theirs = (tmp_path / kind / name for kind in ("beam", "local"))
        assert ours.read_bytes() == theirs.read_bytes(), name

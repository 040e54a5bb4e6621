import json
import shutil

import pytest

from mmfusion.apps import demo
from mmfusion.data.corpus_size import CorpusSize
from mmfusion.data.synthetic import CLASSES
from mmfusion.options.demo import DemoOptions


@pytest.fixture(scope="module")
def result(small_run, tmp_path_factory):
    """The demo with a training of its own swapped for the one that all tests share."""

    def stand_in(options, ceilings):
        asked.append((options, ceilings))
        shutil.copytree(small_run, options.out)
        return json.loads((small_run / "metrics.json").read_text())

    asked, out = [], tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo.train, "run", stand_in)
        size = CorpusSize(train=1, val=0, test=0, broken=1)
        found = demo.run(DemoOptions(out=str(out), seed=5, size=size, epochs=7))
    return out, asked, found


def test_it_trains_on_the_corpus_it_made(result):
    out, ((options, ceilings),), _ = result
    assert len((out / "corpus" / "manifest.csv").read_text().splitlines()) == 1 + 8 + 1
    assert options.corpus.manifest == str(out / "corpus" / "manifest.csv")
    assert (options.seed, options.optimisation.epochs) == (5, 7)
    assert options.decoding.cache == str(out / "cache")
    assert ceilings == {1: 0.25, 2: 0.5, 3: 1.0}


def test_keys_of_the_contract(result, small_run):
    out, _, found = result
    told = json.loads((small_run / "metrics.json").read_text())
    assert found["fused"] == told["accuracy"]
    assert {name: told["ablation"][name]["accuracy"] for name in found["singles"]} == {
        name: found["singles"][name] for name in ("audio", "text", "video")
    }
    assert set(found["pairs"]) == {"audio+text", "audio+video", "text+video"}
    assert found["ceilings"] == {"singles": 0.25, "pairs": 0.5, "fused": 1.0}
    assert len(found["quarantined"]) == 2
    assert found["export"] == str(out / "saved_models" / "demo" / "1")
    assert found["prediction"]["label"] in CLASSES
    json.dumps(found)


def test_table(result):
    lines = demo.table(result[2]).splitlines()
    assert lines[0].split() == ["modalities", "ceiling", "reached"]
    assert lines[1].split()[:3] == ["audio", "25.0", "%"]
    assert lines[7].split()[:4] == ["all", "three", "100.0", "%"]
    assert "2 broken files" in lines[9]


def test_its_own_broken_files_are_no_failure(result, command, monkeypatch):
    monkeypatch.setattr(demo, "run", lambda options: result[2])
    done = command("demo")
    assert done.code == 0
    assert "2 broken files were listed" in done.out


@pytest.mark.slow
def test_the_ceilings_are_reached(command, tmp_path):
    done = command("demo", "--out", tmp_path, "--json")
    found = json.loads(done.out)
    assert done.code == 0
    assert found["fused"] >= 0.97
    assert all(abs(score - 0.25) <= 0.03 for score in found["singles"].values())
    assert all(abs(score - 0.5) <= 0.04 for score in found["pairs"].values())
    assert len(found["quarantined"]) == 6

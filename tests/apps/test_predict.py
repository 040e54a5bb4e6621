import json
import shutil
import subprocess
import sys

import pytest

from mmfusion.apps import predict
from mmfusion.data.synthetic import CLASSES
from mmfusion.options.verbs import PredictOptions

FRESH = """
import sys
from mmfusion.cli import main
try:
    main()
finally:
    rooms = {"branches", "fusion", "layers", "models", "training"}
    loaded = [name.split(".") for name in sys.modules if name.startswith("mmfusion.")]
    print([name for name in loaded if name[1] in rooms], file=sys.stderr)
"""


@pytest.fixture(scope="module")
def clip(small_corpus):
    return small_corpus.parent / "clips" / "test000_0.mp4"


@pytest.fixture(scope="module")
def fresh(small_export, small_corpus, clip):
    """`mmfusion predict --json` of a good and of a broken file, in a process of its own."""
    broken = small_corpus.parent / "clips" / "broken001.mp4"
    words = str(clip.with_suffix(".srt"))
    asked = [str(small_export), str(clip), str(broken), "--transcript", words, "--json"]
    command = [sys.executable, "-c", FRESH, "predict", *asked]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


def test_one_object_for_each_file(fresh, clip):
    assert fresh.returncode == 3
    good, bad = json.loads(fresh.stdout)
    assert good["path"] == str(clip)
    assert sorted(good["probabilities"]) == CLASSES
    assert good["label"] == max(good["probabilities"], key=good["probabilities"].get)
    assert sum(good["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert (bad["kind"], "probabilities" in bad) == ("not_media", False)


def test_a_fresh_process_loads_no_code_of_models(fresh):
    assert fresh.stderr.splitlines()[-1] == "[]"


def test_a_run_is_exported_into_itself_once(command, small_run, clip, tmp_path, fresh):
    run = shutil.copytree(small_run, tmp_path / "run")
    words = ("--transcript", clip.with_suffix(".srt"))
    first = command("predict", run, clip, *words, "--json")
    again = command("predict", run, clip, *words, "--json")
    assert (first.code, again.code) == (0, 0)
    assert first.out == again.out
    assert [path.name for path in (run / "export").glob("[0-9]*")] == ["1"]
    good, _ = json.loads(fresh.stdout)
    (told,) = json.loads(first.out)
    assert told["probabilities"] == pytest.approx(good["probabilities"], abs=1e-6)


def test_words_are_heard(small_export, clip):
    def scores(**words):
        (row,) = predict.run(PredictOptions(model=str(small_export), paths=(str(clip),), **words))
        return row["probabilities"]

    assert scores() != scores(text="help danger fire police")


def test_nothing_to_predict_with(clip, tmp_path):
    with pytest.raises(FileNotFoundError, match="exported model"):
        predict.run(PredictOptions(model=str(tmp_path), paths=(str(clip),)))


def test_table():
    rows = [
        {"path": "a.mp4", "label": "x", "probabilities": {"x": 0.75, "y": 0.25}},
        {"path": "b.mp4", "kind": "empty", "reason": "zero bytes"},
    ]
    assert predict.table(rows).splitlines() == [
        "file   label              probability",
        "a.mp4  x                       75.0 %",
        "b.mp4  empty: zero bytes            -",
    ]

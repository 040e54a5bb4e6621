import json

import pytest

from mmfusion.apps import evaluate
from mmfusion.data.synthetic import CLASSES

CONTRACT = {"n", "accuracy", "precision", "recall", "f1", "macro_f1", "auc", "per_class"}
POSITIVE = CLASSES[0]


@pytest.fixture(scope="module")
def figures(command, small_corpus, small_run, small_export):
    """What `evaluate --json` prints of the run and of its export."""
    asked = ("--part", "test", "--positive", POSITIVE, "--json")
    done = [command("evaluate", model, small_corpus, *asked) for model in (small_run, small_export)]
    assert [each.code for each in done] == [0, 0]
    return [json.loads(each.out) for each in done]


@pytest.fixture
def ids(monkeypatch):
    """Evaluates, but tells only which clips would be scored."""

    def chosen(*arguments, **fields):
        def stub(model, data, records, **_):
            return {"ids": [row["id"] for row in records.rows]}

        monkeypatch.setattr(evaluate, "measure", stub)
        return evaluate.run(evaluate.Options(*map(str, arguments), **fields))["ids"]

    return chosen


def test_keys_of_the_contract(figures):
    of_run, _ = figures
    assert set(of_run) >= CONTRACT | {"ablation", "leak", "confusion", "intervals"}
    assert of_run["n"] == 16
    names = ["audio", "text", "video", "audio+text", "audio+video", "text+video"]
    assert list(of_run["ablation"]) == [*names, "audio+text+video"]
    assert set(of_run["per_class"]) == set(CLASSES)


def test_noise_reaches_the_sound_alone_of_a_run_and_of_its_export(
    command, small_corpus, small_run, small_export, figures
):
    asked = ("--part", "test", "--positive", POSITIVE, "--noise-db", "-20", "--json")
    for model in (small_run, small_export):
        noisy = json.loads(command("evaluate", model, small_corpus, *asked).out)
        assert noisy["ablation"]["video"] == figures[0]["ablation"]["video"]
        assert noisy["calibration"]["ece"] != pytest.approx(figures[0]["calibration"]["ece"])


def test_figures_speak_of_the_positive_class(figures):
    of_run, _ = figures
    own = of_run["per_class"][POSITIVE]
    assert own["support"] == 2
    assert [of_run[name] for name in ("precision", "recall", "f1")] == [
        own[name] for name in ("precision", "recall", "f1")
    ]


def test_a_run_and_its_export_score_the_same(figures):
    of_run, of_export = figures
    assert of_run.pop("calibration")["ece"] == pytest.approx(
        of_export.pop("calibration")["ece"], abs=1e-5
    )
    for wrong in (*of_run["wrong"], *of_export["wrong"]):
        wrong["probability"] = pytest.approx(wrong["probability"], abs=1e-5)
    assert of_run == of_export


def test_parts(ids, command, small_corpus, small_run, small_export):
    test = [f"test{scene:03d}_{at}" for scene in range(2) for at in range(8)]
    assert ids(small_run, small_corpus) == test  # its own manifest: what it did not train on
    assert ids(small_export, small_corpus, part="test") == test
    val = [f"val000_{at}" for at in range(8)]
    assert ids(small_run, small_corpus, part="val") == val
    copy = small_corpus.with_name("copy.csv")
    copy.write_text(small_corpus.read_text() + "\n")
    everything = ids(small_run, copy)
    assert everything == ids(small_export, small_corpus, part="all")
    assert len(everything) == 48


def test_a_folder_for_the_report(command, small_corpus, small_run, tmp_path):
    out = tmp_path / "deep" / "scored"
    done = command("evaluate", small_run, small_corpus, "--part", "val", "--out", out)
    assert done.code == 0
    assert done.out.startswith("8 clips")
    assert json.loads((out / "metrics.json").read_text())["n"] == 8
    assert {path.name for path in out.iterdir()} == {"metrics.json", "plots", "report.html"}
    assert not (out / "plots" / "history.png").exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"part": "half"}, "`part` must be one of .*'half'"),
        ({"label": "id", "part": "val"}, "Clip 'val000_0': `label` must be one of .*'val000_0'"),
        ({"label": "colour"}, "no column 'colour'"),
        ({"positive": "green"}, "`positive` must be one of .*'green'"),
    ],
)
def test_what_does_not_fit(small_run, small_corpus, fields, message):
    with pytest.raises(ValueError, match=message):
        evaluate.run(evaluate.Options(str(small_run), str(small_corpus), **fields))


def test_no_clip_has_a_label(small_run, tmp_path):
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("id,text\na,hello\n")
    with pytest.raises(ValueError, match="no labelled clip in the part 'all'"):
        evaluate.run(evaluate.Options(str(small_run), str(manifest)))


@pytest.mark.parametrize("missing", ["model", "manifest"])
def test_nothing_there(small_run, small_corpus, tmp_path, missing):
    paths = {"model": small_run, "manifest": small_corpus, missing: tmp_path / "none"}
    with pytest.raises(FileNotFoundError, match="none"):
        evaluate.run(evaluate.Options(str(paths["model"]), str(paths["manifest"])))

import json

import numpy as np
import pytest

from mmfusion.apps import evaluate
from mmfusion.data.synthetic import CLASSES
from mmfusion.options.reading import read_options
from mmfusion.options.verbs import EvaluateOptions
from mmfusion.serving.predictor import Predictor

CONTRACT = {"n", "accuracy", "precision", "recall", "f1", "macro_f1", "auc", "per_class"}
POSITIVE = CLASSES[0]


def options(model, manifest, **fields):
    return read_options(EvaluateOptions, model=str(model), manifest=str(manifest), **fields)


@pytest.fixture(scope="module")
def figures(command, small_corpus, small_run, small_export):
    """What `evaluate --json` prints of the run and of its export."""
    asked = ("--part", "test", "--positive", POSITIVE, "--json")
    done = [command("evaluate", model, small_corpus, *asked) for model in (small_run, small_export)]
    assert [each.code for each in done] == [0, 0]
    return [json.loads(each.out) for each in done]


@pytest.fixture
def ids(monkeypatch):
    """Evaluates, but returns only which clips would be scored."""

    def chosen(model, manifest, **fields):
        def stub(run, corpus, part, **_):
            return {"ids": [row["id"] for row in part.rows]}

        monkeypatch.setattr(evaluate, "measure_run", stub)
        return evaluate.run(options(model, manifest, **fields))["ids"]

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
    assert done.out.startswith("8 rows")
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
        evaluate.run(options(small_run, small_corpus, **fields))


def test_no_clip_has_a_label(small_run, tmp_path):
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("id,text\na,hello\n")
    with pytest.raises(ValueError, match="no clip has a"):
        evaluate.run(options(small_run, manifest))


@pytest.mark.parametrize("missing", ["model", "manifest"])
def test_nothing_there(small_run, small_corpus, tmp_path, missing):
    paths = {"model": small_run, "manifest": small_corpus, missing: tmp_path / "none"}
    with pytest.raises(FileNotFoundError, match="none"):
        evaluate.run(options(paths["model"], paths["manifest"]))


def write(path, seed, videos):
    """Rows whose class both modalities hold, and more clearly the mean of their video."""
    rng = np.random.default_rng(seed)
    kind = np.arange(videos) % 2
    label = np.where(rng.random((videos, 6)) < 0.9, kind[:, None], 1 - kind[:, None])
    np.savez(
        path,
        a=(rng.normal(size=(videos * 6, 3)) + 2 * label.reshape(-1, 1)).astype("float32"),
        v=(rng.normal(size=(videos * 6, 2)) - 2 * label.reshape(-1, 1)).astype("float32"),
        label=label.ravel(),
        video=np.repeat(np.arange(videos), 6),
        place=np.tile(np.arange(6), videos),
    )
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("arrays")


@pytest.fixture(scope="module")
def sequences_run(folder, command):
    """A run of sequences of arrays, of two seeds."""
    flags = {"group": "video", "order": "place", "epochs": 12, "seeds": 2, "units": 8}
    parts = [part for name, value in flags.items() for part in (f"--{name}", value)]
    path = write(folder / "train.npz", 0, 20)
    done = command("train", path, "--out", folder / "run", "--modalities", "a,v", *parts)
    assert done.code == 0, done.err
    assert command("export", folder / "run", "--out", folder / "saved").code == 0
    return folder / "run"


@pytest.fixture(scope="module")
def other(folder):
    return write(folder / "other.npz", 1, 8)


@pytest.fixture(scope="module")
def array_figures(sequences_run, other, command):
    done = command("evaluate", sequences_run, other, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_every_step_and_every_seed_of_sequences(array_figures):
    assert array_figures["n"] == 48
    assert array_figures["part"] == "all"
    assert array_figures["accuracy"] > 0.8
    assert array_figures["mean_accuracy"] == pytest.approx(np.mean(array_figures["accuracies"]))
    assert set(array_figures["ablation"]) == {"a", "v", "a+v"}
    assert {"weighted_f1", "macro_f1", "per_class", "leak"} <= set(array_figures)


def test_a_table_for_people(sequences_run, other, command):
    done = command("evaluate", sequences_run, other)
    assert done.code == 0
    assert "accuracy of a single seed" in done.out


def test_an_export_of_arrays_is_evaluated_as_its_run(
    sequences_run, other, array_figures, command, folder
):
    """It knows which keys it was trained on."""
    done = command("evaluate", folder / "saved", other, "--json")
    assert done.code == 0, done.err
    figures = json.loads(done.out)
    assert figures["ablation"] == array_figures["ablation"]
    with np.load(other) as file:
        sequences = {name: file[name].reshape(8, 6, -1) for name in ("a", "v")}
        labels = file["label"].reshape(8, 6)
    probabilities = Predictor(folder / "saved").batch(sequences)
    hits = (probabilities.argmax(axis=-1) == labels).mean()
    assert hits == pytest.approx(array_figures["accuracy"])
    done = command("predict", sequences_run, other)
    assert done.code == 2
    assert "only arrays can be scored" in done.err


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--part", "dev"), "`part` must be one of"),
        (("--label", "place"), "`label` must be one of"),
        (("--workers", 2), "--workers applies to clips"),
        (("--noise-db", -5), "--noise-db applies to clips"),
    ],
)
def test_what_does_not_fit_arrays(sequences_run, other, command, flags, message):
    done = command("evaluate", sequences_run, other, *flags)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_clips_and_arrays_are_not_taken_for_each_other(
    small_run, small_corpus, sequences_run, other, command
):
    done = command("evaluate", small_run, other)
    assert done.code == 2
    assert "was trained on clips" in done.err
    done = command("evaluate", sequences_run, small_corpus)
    assert done.code == 2
    assert "was trained on arrays" in done.err


@pytest.mark.parametrize("trained", [True, False])
@pytest.mark.parametrize("asked", [True, False])
def test_a_run_on_machine_made_words_is_scored_on_them(trained, asked):
    decoding = evaluate._decoding(
        options("run", "m.csv", transcribe=asked, workers=3), {"transcribe": trained}
    )
    assert (decoding.transcribe, decoding.workers) == (trained or asked, 3)
    assert evaluate._decoding(options("run", "m.csv"), {}).transcribe is False

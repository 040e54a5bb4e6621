import csv
import dataclasses
import json

import keras
import pytest

from mmfusion.apps import train
from mmfusion.data.align import align
from mmfusion.data.augmentation import Augmentation
from mmfusion.data.cleaning import clean
from mmfusion.data.manifest import read_manifest
from mmfusion.data.synthetic import CorpusSize, make_corpus
from mmfusion.serving.predictor import Predictor

RARE = {"id": "one", "text": "what", "label": "rare", "split": "test"}
SAID = {"calm": "all is fine", "alarm": "help us now"}


@pytest.fixture
def write(tmp_path):
    """Writes a manifest of words without media, the quickest clips there are."""

    def write_rows(rows, name="manifest.jsonl"):
        path = tmp_path / name
        path.write_text("\n".join(json.dumps(row) for row in rows))
        return path

    return write_rows


@pytest.fixture
def options(tmp_path):
    """Makes options for words alone."""

    def make(manifest, **fields):
        quick = {"modalities": ("text",), "epochs": 1, "units": 4, "steps": 2}
        out, cache = str(tmp_path / "run"), str(tmp_path / "cache")
        return train.Options(str(manifest), out, cache=cache, **{**quick, **fields})

    return make


def rows(count, first=0, **fields):
    kinds = sorted(SAID)
    return [
        {"id": str(at), "text": SAID[kinds[at % 2]], "label": kinds[at % 2], **fields}
        for at in range(first, first + count)
    ]


def test_the_run_folder_is_complete(small_run):
    names = {path.name for path in small_run.iterdir()}
    assert names >= {
        "best.keras",
        "checkpoints",
        "config.json",
        "environment.txt",
        "history.csv",
        "metrics.json",
        "plots",
        "preprocessor.keras",
        "report.html",
        "tensorboard",
    }
    assert sorted(path.name for path in (small_run / "plots").iterdir()) == [
        "ablation.png",
        "calibration.png",
        "confusion.png",
        "history.png",
        "per_class.png",
    ]
    for folder in ("checkpoints", "tensorboard"):
        assert any(path.is_file() for path in (small_run / folder).rglob("[!.]*"))


def test_the_resolved_options_are_kept(small_run, small_corpus):
    config = json.loads((small_run / "config.json").read_text())
    asked = {"manifest": str(small_corpus), "epochs": 2, "units": 8, "seed": 3}
    assert {name: config[name] for name in asked} == asked
    assert config["augmentation"] == vars(Augmentation())
    assert config["spec"]["steps"] == 4
    assert config["spec"]["seconds"] == 2.0  # as long as the clips are
    assert [len(config["parts"][name]) for name in ("train", "val", "test")] == [26, 8, 16]
    assert [row["id"] for row in config["quarantined"]] == ["broken000", "broken001"]


def test_history_and_environment(small_run):
    with open(small_run / "history.csv", newline="") as file:
        epochs = list(csv.DictReader(file))
    assert [row["epoch"] for row in epochs] == ["0", "1"]
    assert {"loss", "val_loss", "accuracy", "val_accuracy"} <= set(epochs[0])
    assert "keras 3." in (small_run / "environment.txt").read_text()


def test_the_report_needs_nothing_else(small_run):
    page = (small_run / "report.html").read_text()
    assert "broken000" in page
    for outside in ('src="http', 'href="http', "<script src", '<link rel="stylesheet"'):
        assert outside not in page


def test_cleaning_is_repeated_by_the_export(command, tmp_path):
    steps = ("audio.loudness", "text.stems")
    manifest = make_corpus(tmp_path, CorpusSize(train=1, val=1, test=1, broken=0))
    (tmp_path / "options.json").write_text(json.dumps({"units": 4, "sample_rate_hz": 8000}))
    flags = {"steps": 2, "size-px": 16, "epochs": 1, "options": tmp_path / "options.json"}
    flags |= {"out": tmp_path / "run", "modalities": "audio,text", "cleaning": ", ".join(steps)}
    asked = [part for name, value in flags.items() for part in (f"--{name}", value)]
    assert command("train", manifest, *asked).code == 0
    assert command("export", tmp_path / "run", "--out", tmp_path / "saved").code == 0
    predictor = Predictor(tmp_path / "saved")
    clip = read_manifest(manifest)[-1]
    aligned, _ = align(clip, dataclasses.replace(predictor.spec, cleaning=()))
    raw, cleaned = (
        predictor.batch({name: value[None] for name, value in tensors.items()})[0]
        for tensors in (aligned, clean(aligned, predictor.spec))
    )
    told = command(
        "predict", tmp_path / "saved", clip.video, "--transcript", clip.transcript, "--json"
    )
    (row,) = json.loads(told.out)
    found = [row["probabilities"][name] for name in predictor.classes]
    assert predictor.spec.cleaning == steps
    assert found == pytest.approx(cleaned.tolist(), abs=1e-6)
    assert found != pytest.approx(raw.tolist(), abs=1e-6)


def test_a_branch_by_name_is_trained(small_corpus, tmp_path):
    asked = {"modalities": ("audio",), "branches": {"audio": "mel_cnn"}, "epochs": 1, "units": 4}
    asked |= {"steps": 2, "sample_rate_hz": 8000, "cache": str(tmp_path / "cache")}
    train.run(train.Options(str(small_corpus), str(tmp_path / "run"), **asked))
    model = keras.saving.load_model(tmp_path / "run" / "best.keras", compile=False)
    assert "audio_mel_cnn" in {layer.name for layer in model.layers}


def test_a_manifest_to_validate_on_leaves_no_test(write, options):
    val = write(rows(4, first=12), "val.jsonl")
    asked = options(write(rows(12)), val=str(val))
    assert train.run(asked) == {"quarantined": []}
    config = json.loads((val.parent / "run" / "config.json").read_text())
    assert {name: len(ids) for name, ids in config["parts"].items()} == {
        "test": 0,
        "train": 12,
        "val": 4,
    }


@pytest.mark.parametrize(
    ("clips", "fields", "message"),
    [
        ([], {}, "no clip has a 'label'"),
        ([{"id": "a", "text": "x"}], {}, "no clip has a 'label'.*--label"),
        (rows(1), {}, r"a single one of \['alarm'\]"),
        (rows(4, group="g"), {}, "at least as many groups"),
        (rows(12), {"label": "colour"}, "no column 'colour' to take the label from"),
        (rows(12), {"fusion": "blend"}, r"`fusion` must be one of.*'blend'"),
        (rows(12), {"modalities": ("smell",)}, r"`modalities` must be some of.*smell"),
        (rows(12), {"batch_size": 13}, r"`batch_size` must be 1 to the \d+ clips.*=13"),
        ([*rows(12), RARE], {}, r"one to test.*a single one of \['rare'\]"),
        (rows(12), {"cleaning": ("text.scrub",)}, r"`cleaning` must be some of.*text\.scrub"),
        (rows(12), {"steps": 0}, "`steps` must be at least 1.*steps=0"),
        (rows(12, label="calm"), {}, "`classes` must be at least 2"),
        (rows(12, split="train"), {}, "clip to validate on"),
        (
            [*rows(6, split="train"), *rows(4, 6, split="val"), RARE],
            {},
            r"to train on.*\['rare'\]",
        ),
    ],
)
def test_what_cannot_be_trained_is_said_before_training(write, options, clips, fields, message):
    with pytest.raises(ValueError, match=message):
        train.run(options(write(clips), **fields))


def test_a_clip_on_both_sides(write, options):
    val = write(rows(1), "val.jsonl")
    with pytest.raises(ValueError, match=r"clips that are trained on.*'0'"):
        train.run(options(write(rows(4)), val=str(val)))

"""One training for clips, arrays, clips with features, and MELD."""

import csv
import dataclasses
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.apps import evaluate, export, train
from mmfusion.data.align import align
from mmfusion.data.augmentation import Augmentation
from mmfusion.data.cleaning import clean
from mmfusion.data.manifest import read_manifest
from mmfusion.data.synthetic import CorpusSize, make_corpus
from mmfusion.experiments.run import read_run
from mmfusion.options.verbs import EvaluateOptions, ExportOptions, TrainOptions
from mmfusion.serving.predictor import Predictor
from tests.apps.corpora import SPOKEN, write_arrays, write_meld, write_words

RARE = {"id": "one", "text": "what", "label": "rare", "split": "test"}
FILES = {
    "best.keras",
    "calibration.json",
    "checkpoints",
    "config.json",
    "environment.txt",
    "history.csv",
    "metrics.json",
    "model_card.md",
    "plots",
    "preprocessor.keras",
    "report.html",
    "tensorboard",
}


def rows(count, first=0, **fields):
    kinds = sorted(SPOKEN)
    return [
        {"id": str(at), "text": SPOKEN[kinds[at % 2]], "label": kinds[at % 2], **fields}
        for at in range(first, first + count)
    ]


def write(path, content):
    path.write_text("\n".join(map(json.dumps, content)))
    return path


def config_of(folder):
    return json.loads((folder / "config.json").read_text())


def sizes(folder):
    return {name: len(ids) for name, ids in config_of(folder)["parts"].items()}


def test_the_run_folder_is_complete(small_run):
    assert {path.name for path in small_run.iterdir()} >= FILES
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
    config = config_of(small_run)
    training = config["training"]
    assert config["manifest"] == str(small_corpus)
    assert (training["optimisation"]["epochs"], training["network"]["units"]) == (2, 8)
    assert training["seed"] == 3
    assert training["augmentation"] == vars(Augmentation())
    assert config["corpus"]["spec"]["steps"] == 4
    assert config["corpus"]["spec"]["seconds"] == 2.0  # as long as the clips are
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


@pytest.fixture(scope="module")
def array_run(quick, tmp_path_factory):
    """The run of an `.npz` file without a split, its metrics and its options."""
    folder = tmp_path_factory.mktemp("array_run")
    path = write_arrays(folder / "x.npz", 200, groups=50)
    flags = {"group": "video", "epochs": 12, "loss": "focal", "positive": "high", "recall": 0.9}
    options = quick(
        TrainOptions, path, folder / "run", scaling="min_max", seeds=2, refit=False, **flags
    )
    return train.run(options), folder / "run", options


def test_arrays_without_a_split_are_split_by_group_and_have_all_that_clips_have(array_run):
    metrics, run, _ = array_run
    assert {path.name for path in run.iterdir()} >= FILES - {"calibration.json", "history.csv"} - {
        "checkpoints",
        "tensorboard",
    }
    assert sizes(run) == {"train": 160, "val": 20, "test": 20}
    groups = {
        name: {int(row) // 2 % 50 for row in ids} for name, ids in config_of(run)["parts"].items()
    }
    assert not groups["test"] & (groups["train"] | groups["val"])
    assert metrics["accuracy"] > 0.9
    assert set(metrics["ablation"]) == {"noise", "x", "noise+x"}
    assert metrics["precision"] == metrics["per_class"]["high"]["precision"]
    calibration = json.loads((run / "seed-1" / "calibration.json").read_text())
    assert calibration["threshold"]["class"] == "high"
    assert "focal" in json.dumps(config_of(run)["training"]["optimisation"])


def test_several_seeds_are_run_folders_of_their_own(array_run):
    metrics, run, _ = array_run
    assert metrics["mean_accuracy"] == pytest.approx(np.mean(metrics["accuracies"]))
    assert metrics["std_accuracy"] == pytest.approx(np.std(metrics["accuracies"]))
    seeds = [config_of(run / f"seed-{seed}")["training"] for seed in (0, 1)]
    assert [(each["seed"], each["seeds"]) for each in seeds] == [(0, 1), (1, 1)]
    assert config_of(run)["training"]["seeds"] == 2
    assert "a single seed" in train.table(metrics)
    trained = read_run(run)
    batch = {name: np.zeros((1, *x.shape[1:]), x.dtype) for name, x in trained.model.input.items()}
    batch["x"][:] = 1
    batch["x_mask"][:] = True
    single = [np.asarray(read_run(run / f"seed-{seed}").model(batch)) for seed in (0, 1)]
    np.testing.assert_allclose(trained.model(batch), np.mean(single, axis=0), atol=1e-6)


def test_the_run_carries_the_scaling_of_the_rows_to_train_on(array_run, tmp_path):
    _, run, options = array_run
    layer = keras.saving.load_model(run / "preprocessor.keras").get_layer("x_scaling")
    kept = [int(row) for row in config_of(run)["parts"]["train"]]
    with np.load(options.corpus.manifest) as arrays:
        train_rows = arrays["x"][kept].astype("float32")
    np.testing.assert_array_equal(layer.offset, train_rows.min(axis=0))
    np.testing.assert_allclose(layer.scale, np.ptp(train_rows, axis=0), rtol=1e-6)


def test_what_is_done_is_not_trained_again(array_run, monkeypatch):
    metrics, run, options = array_run
    model = run / "seed-0" / "best.keras"
    before = model.stat().st_mtime_ns
    again = train.run(options)
    assert model.stat().st_mtime_ns == before
    assert again["accuracy"] == metrics["accuracy"]
    train.run(dataclasses.replace(options, seeds=1, seed=3, out=str(run / "seed-0")))
    assert model.stat().st_mtime_ns != before


def test_too_few_groups_are_measured_and_then_all_trained_on(quick, tmp_path):
    path = write_arrays(tmp_path / "x.npz", groups=4)
    options = quick(TrainOptions, path, tmp_path / "run", group="video", epochs=2)
    metrics = train.run(options)
    assert metrics["n"] > 0
    assert sizes(tmp_path / "run") == {"train": 60, "val": 0, "test": 0}
    assert sizes(tmp_path / "run" / "measured")["test"] == metrics["n"]
    assert (tmp_path / "run" / "report.html").is_file()
    again = evaluate.run(EvaluateOptions(model=str(tmp_path / "run"), manifest=str(path)))
    assert (again["n"], again["accuracy"]) == (metrics["n"], metrics["accuracy"])


def test_rare_classes_weigh_more(quick, tmp_path):
    rng = np.random.default_rng(0)
    label = (np.arange(600) % 20 == 0).astype(int)
    split = np.where(np.arange(600) < 300, "train", np.where(np.arange(600) < 360, "val", "test"))
    x = rng.normal(size=(600, 3)) + label[:, None]
    np.savez(tmp_path / "rare.npz", x=x, label=label, split=split)
    recalls = {}
    for balanced in (False, True):
        flags = {"balance_classes": balanced, "epochs": 10}
        options = quick(TrainOptions, tmp_path / "rare.npz", tmp_path / f"{balanced}", **flags)
        recalls[balanced] = train.run(options)["per_class"]["1"]["recall"]
    assert recalls[True] > recalls[False] + 0.2


def test_modalities_of_any_name(quick, tmp_path):
    names = ("深度", "heart rate", "a-b")
    rng = np.random.default_rng(0)
    values = {name: rng.normal(size=(60, 4, 3)).astype("float32") for name in names}
    manifest = write_arrays(tmp_path / "named.npz", **values)
    flags = {"group": "video", "modalities": names, "branches": {"深度": "gru"}}
    run = tmp_path / "run"
    metrics = train.run(quick(TrainOptions, manifest, run, fusion="bottleneck", **flags))
    assert "a-b+深度" in metrics["ablation"]
    version = export.run(ExportOptions(run=str(run), out=str(tmp_path / "saved")))["export"]
    served = Predictor(version)
    assert served.card["modalities"] == sorted(names)
    trained = read_run(run)
    aligned = {name: tf.constant(array[:5]) for name, array in values.items()}
    aligned |= {f"{name}_mask": tf.ones((5, 4), "bool") for name in names}
    expected = trained.model(trained.preprocessor(aligned))
    np.testing.assert_allclose(
        served.batch({name: values[name][:5] for name in names}), expected, atol=1e-6
    )


def test_features_beside_clips_are_joined_by_id(quick, tmp_path, command):
    manifest = write_words(tmp_path / "m.jsonl", 48)
    rng = np.random.default_rng(0)
    ids = np.array([str(at) for at in range(44)][::-1])  # in another order, four have none
    pulse = 3.0 * (ids.astype(int) % 2)[:, None, None] + rng.normal(size=(44, 6, 2))
    np.savez(tmp_path / "more.npz", id=ids, pulse=pulse, level=rng.normal(size=(44, 3)))
    flags = {"features": str(tmp_path / "more.npz"), "modalities": None, "epochs": 8}
    options = quick(TrainOptions, manifest, tmp_path / "run", **flags)
    network = dataclasses.replace(options.network, branches={"pulse": "lstm"})
    corpus = dataclasses.replace(options.corpus, modalities=("pulse", "text"))
    metrics = train.run(dataclasses.replace(options, network=network, corpus=corpus))
    assert set(metrics["ablation"]) == {"pulse", "text", "pulse+text"}
    done = command("evaluate", tmp_path / "run", manifest, "--part", "all", "--json")
    alone = json.loads(done.out)["ablation"]
    more = ("--features", tmp_path / "more.npz", "--part", "all", "--json")
    done = command("evaluate", tmp_path / "run", manifest, *more)
    both = json.loads(done.out)
    assert both["ablation"]["pulse"]["accuracy"] > 0.8
    assert alone["pulse"]["accuracy"] == pytest.approx(0.5, abs=0.1)  # none is there
    assert command("export", tmp_path / "run", "--out", tmp_path / "saved").code == 0
    exported = json.loads(command("evaluate", tmp_path / "saved", manifest, *more).out)
    assert exported["accuracy"] == both["accuracy"]
    predictor = Predictor(tmp_path / "saved")
    assert predictor.batch({"text": [["help us now", ""]]}).shape == (1, 2)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"pulse": np.ones((4, 2))}, "an array `id` must name the clip of each row"),
        ({"id": np.arange(4), "text": np.ones((4, 2))}, r"names that clips have.*\['text'\]"),
    ],
)
def test_features_that_do_not_fit(quick, tmp_path, arrays, message):
    manifest = write_words(tmp_path / "m.jsonl", 48)
    np.savez(tmp_path / "more.npz", **arrays)
    flags = {"features": str(tmp_path / "more.npz"), "modalities": None}
    with pytest.raises(ValueError, match=message):
        train.run(quick(TrainOptions, manifest, tmp_path / "run", **flags))


def test_clips_of_a_group_are_classified_in_their_context(quick, tmp_path, command):
    """Half of the clips say nothing themselves; the others of their group do."""
    kinds = sorted(SPOKEN)
    content = [
        {
            "id": f"{place}-{group}",  # the groups lie apart in the manifest
            "text": SPOKEN[kinds[group % 2]] if place % 2 else "and so on",
            "label": kinds[group % 2],
            "group": f"g{group}",
            "place": place,
        }
        for place in range(4)
        for group in range(30)
    ]
    manifest = write(tmp_path / "m.jsonl", content)
    found = {}
    for order in (None, "place"):
        options = quick(TrainOptions, manifest, tmp_path / f"run-{order}", order=order, epochs=12)
        found[order] = train.run(options)["accuracy"]
    assert found["place"] > 0.9 > 0.8 > found[None]
    run = tmp_path / "run-place"
    assert command("export", run, "--out", tmp_path / "saved").code == 0
    predictor = Predictor(tmp_path / "saved")
    texts = {"text": [["and so on", ""], ["help us now", ""]]}
    together = predictor.batch({**texts, "sequence": [0, 0]})
    alarm = predictor.classes.index("alarm")
    assert together[0, alarm] > 0.8
    apart = predictor.batch(texts)
    assert not np.allclose(apart[0], together[0], atol=0.05)
    scored = [
        json.loads(command("evaluate", model, manifest, "--part", "all", "--json").out)["accuracy"]
        for model in (run, tmp_path / "saved")
    ]
    assert scored[0] == pytest.approx(scored[1])


@pytest.mark.parametrize("place", ["", "first"])
def test_an_order_needs_groups_and_numbers(quick, tmp_path, place):
    manifest = write(tmp_path / "m.jsonl", [{**row, "place": place} for row in rows(8, group="g")])
    with pytest.raises(ValueError, match="`order` needs a group and a number in 'place'"):
        train.run(quick(TrainOptions, manifest, tmp_path / "run", order="place"))


@pytest.mark.parametrize("kind", ["clips", "meld"])
def test_a_text_encoder_is_read_beside_the_words_and_learns(kind, quick, tmp_path, tiny_bert):
    if kind == "meld":
        manifest, steps = write_meld(tmp_path / "train.csv", 24), 3
    else:
        manifest, steps = write_words(tmp_path / "m.jsonl", 48), 2
    flags = {"text_encoder": str(tiny_bert), "epochs": 3, "fine_tune": 1}
    train.run(quick(TrainOptions, manifest, tmp_path / "run", **flags))
    trained = read_run(tmp_path / "run")
    assert set(trained.model.input) == {"text", "text_mask", "text_pieces"}
    assert (tmp_path / "run/fine_tuning/history.csv").is_file()
    train.run(quick(TrainOptions, manifest, tmp_path / "frozen", **{**flags, "fine_tune": 0}))
    frozen = read_run(tmp_path / "frozen")
    assert set(frozen.model.input) == {"text", "text_mask", "text_sentences"}
    words = np.array([["fire alarms", "no", ""][:steps]])
    found = frozen.preprocessor({"text": words, "text_mask": words != ""})
    assert np.abs(found["text_sentences"][0, 0]).max() > 0
    assert not np.abs(found["text_sentences"][0, -1]).max() or kind == "clips"


def test_meld_is_validated_on_another_file(quick, tmp_path):
    """Its dialogues are numbered anew in each file."""
    flags = {"val": str(write_meld(tmp_path / "dev.csv", 6)), "epochs": 3}
    manifest = write_meld(tmp_path / "train.csv", 24)
    result = train.run(quick(TrainOptions, manifest, tmp_path / "run", **flags))
    assert "n" not in result
    assert sizes(tmp_path / "run") == {"train": 96, "val": 24, "test": 0}
    scored = evaluate.run(
        EvaluateOptions(model=str(tmp_path / "run"), manifest=str(tmp_path / "dev.csv"))
    )
    assert scored["n"] == 24


def test_cleaning_is_repeated_by_the_export(command, tmp_path):
    steps = ("audio.loudness", "text.stems")
    manifest = make_corpus(tmp_path, CorpusSize(train=1, val=1, test=1, broken=0))
    flags = {"steps": 2, "size-px": 16, "epochs": 1, "units": 4, "sample-rate-hz": 8000}
    flags |= {"out": tmp_path / "run", "modalities": "audio,text", "cleaning": ", ".join(steps)}
    parts = [part for name, value in flags.items() for part in (f"--{name}", value)]
    done = command("train", manifest, *parts)
    assert done.code == 0, done.err
    assert command("export", tmp_path / "run", "--out", tmp_path / "saved").code == 0
    predictor = Predictor(tmp_path / "saved")
    clip = read_manifest(manifest)[-1]
    aligned, _ = align(clip, dataclasses.replace(predictor.spec, cleaning=()))
    raw, cleaned = (
        predictor.batch({name: value[None] for name, value in tensors.items()}, cleaned=True)[0]
        for tensors in (aligned, clean(aligned, predictor.spec))
    )
    done = command(
        "predict", tmp_path / "saved", clip.video, "--transcript", clip.transcript, "--json"
    )
    (row,) = json.loads(done.out)
    found = [row["probabilities"][name] for name in predictor.classes]
    assert found == pytest.approx(cleaned.tolist(), abs=1e-5)
    assert found != pytest.approx(raw.tolist(), abs=1e-5)


def test_a_named_branch_is_built(small_corpus, quick, tmp_path):
    flags = {"modalities": ("audio",), "branches": {"audio": "mel_cnn"}, "sample_rate_hz": 8000}
    flags |= {"steps": 2, "cache": str(tmp_path / "cache")}
    train.run(quick(TrainOptions, small_corpus, tmp_path / "run", **flags))
    model = keras.saving.load_model(tmp_path / "run" / "best.keras", compile=False)
    assert "audio_mel_cnn" in {layer.name for layer in model.layers}


def test_a_manifest_to_validate_on_leaves_no_test(quick, tmp_path):
    val = write(tmp_path / "val.jsonl", rows(4, first=12))
    manifest = write(tmp_path / "m.jsonl", rows(12))
    result = train.run(quick(TrainOptions, manifest, tmp_path / "run", val=str(val)))
    assert result == {"quarantined": [], "run": str(tmp_path / "run")}
    assert sizes(tmp_path / "run") == {"train": 12, "val": 4, "test": 0}
    assert train.table(result) == str(tmp_path / "run")


@pytest.mark.parametrize(
    ("clips", "flags", "message"),
    [
        ([], {}, "no clip has a 'label'"),
        ([{"id": "a", "text": "x"}], {}, "no clip has a 'label'.*--label"),
        (rows(1), {}, r"a single one of \['alarm'\]"),
        (rows(4, group="g"), {}, "at least as many groups"),
        (rows(12), {"label": "colour"}, "no column 'colour' for `label`"),
        (rows(12), {"batch_size": 13}, r"`batch_size` must be 1 to the \d+ rows.*=13"),
        ([*rows(12), RARE | {"split": ""}], {}, r"one to test.*a single one of \['rare'\]"),
        ([*rows(12), RARE], {}, "in all rows or in none.*12 of 13 without, first '0'"),
        (rows(12), {"steps": 0}, "`steps` must be at least 1.*steps=0"),
        (rows(12, label="calm"), {}, "`classes` must be at least 2"),
        (
            [*rows(6, split="train"), *rows(4, 6, split="val"), RARE],
            {},
            r"to train on.*\['rare'\]",
        ),
    ],
)
def test_what_cannot_be_trained_is_said_before_training(quick, tmp_path, clips, flags, message):
    manifest = write(tmp_path / "m.jsonl", clips)
    with pytest.raises(ValueError, match=message):
        train.run(quick(TrainOptions, manifest, tmp_path / "run", **flags))


def test_a_clip_on_both_sides(quick, tmp_path):
    val = write(tmp_path / "val.jsonl", rows(1))
    manifest = write(tmp_path / "m.jsonl", rows(4))
    with pytest.raises(ValueError, match=r"rows that are trained on.*'0'"):
        train.run(quick(TrainOptions, manifest, tmp_path / "run", val=str(val)))

"""Fit to arrays, with one seed and with several."""

import json
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.apps.arrays import train as train_arrays
from mmfusion.apps.runs.run import read_run
from mmfusion.layers.text.bert import SentenceVectors, WordPieceTokenizer
from mmfusion.serving.predictor import Predictor


def test_several_seeds_are_run_folders_of_their_own(options, tmp_path):
    metrics = train_arrays.run(options(seeds=2, group="video", order="place"))
    assert metrics["mean_accuracy"] == pytest.approx(np.mean(metrics["accuracies"]))
    assert metrics["std_accuracy"] == pytest.approx(np.std(metrics["accuracies"]))
    assert metrics["mean_accuracy"] > 0.85
    seeds = [json.loads((tmp_path / f"run/seed-{at}/config.json").read_text()) for at in (0, 1)]
    assert [(config["seed"], config["seeds"]) for config in seeds] == [(0, 1), (1, 1)]
    assert json.loads((tmp_path / "run/config.json").read_text())["seeds"] == 2
    assert "a single seed" in train_arrays.table(metrics)


def test_what_is_done_is_not_trained_again(options, tmp_path):
    train_arrays.run(options(epochs=1))
    model = tmp_path / "run/best.keras"
    before = model.stat().st_mtime_ns
    train_arrays.run(options(epochs=1))
    assert model.stat().st_mtime_ns == before
    train_arrays.run(options(epochs=1, seed=1))
    assert model.stat().st_mtime_ns != before


@pytest.fixture
def run(command, meld, tiny_bert, tmp_path):
    """A run that reads sentences beside the words."""
    flags = ("--text-encoder", tiny_bert, "--epochs", 12, "--seeds", 2)
    done = command("train", meld("train.csv", 24), "--out", tmp_path / "run", *flags)
    assert done.code == 0, done.err
    return tmp_path / "run"


def test_sentences_are_read_beside_the_words_and_in_the_export(command, run, meld, tmp_path):
    trained = read_run(run)
    assert set(trained.model.input) == {"text", "text_mask", "text_sentences"}
    preprocessors = [run / part / "preprocessor.keras" for part in ("", "seed-0", "seed-1")]
    assert all(path.samefile(preprocessors[0]) for path in preprocessors)
    done = command("evaluate", run, meld("dev.csv", 6), "--json")
    told = json.loads(done.out)
    assert told["n"] == 24
    assert told["accuracy"] > 0.9
    assert told["ablation"]["text"]["accuracy"] == told["accuracy"]
    assert command("export", run, "--out", tmp_path / "saved").code == 0
    dialogue = np.array([["no", "", "fire alarms"]])
    batch = {"text": tf.constant(dialogue), "text_mask": tf.constant(dialogue != "")}
    expected = trained.model(trained.preprocessor(batch))
    found = Predictor(tmp_path / "saved").batch(
        {name: each.numpy() for name, each in batch.items()}
    )
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_each_text_is_read_once_for_all_epochs_and_seeds(meld, tiny_bert, tmp_path, monkeypatch):
    read, call = [], WordPieceTokenizer.call

    def counted(layer, texts, mask):
        count = tf.math.count_nonzero(mask)
        tf.py_function(lambda there: read.append(int(there)), [count], [])
        return call(layer, texts, mask)

    monkeypatch.setattr(WordPieceTokenizer, "call", counted)
    path, folder = meld("train.csv", 5), str(tmp_path / "run")
    options = train_arrays.Options(
        str(path), folder, text_encoder=str(tiny_bert), epochs=3, seeds=2, units=8
    )
    train_arrays.run(options)
    assert sum(read) == 20


def test_bert_learns_as_well_and_travels_in_the_export(command, meld, tiny_bert, tmp_path):
    flags = ("--text-encoder", tiny_bert, "--epochs", 1, "--fine-tune", 2, "--seeds", 2)
    run = tmp_path / "run"
    done = command("train", meld("train.csv", 12), "--out", run, *flags)
    assert done.code == 0, done.err
    assert len((run / "seed-1/fine_tuning.csv").read_text().splitlines()) == 1 + 2
    learned = [keras.models.load_model(run / f"seed-{at}/best.keras") for at in (0, 1)]
    trained = read_run(run)
    assert {"text_pieces", "text_mask", "text"} == set(trained.model.input)
    assert command("export", run, "--out", tmp_path / "saved").code == 0
    dialogue = np.array([["no", "", "fire alarms"]])
    batch = {"text": tf.constant(dialogue), "text_mask": tf.constant(dialogue != "")}
    ready = trained.preprocessor(batch)
    expected = np.mean([model(ready) for model in learned], axis=0)
    found = Predictor(tmp_path / "saved").batch(
        {name: each.numpy() for name, each in batch.items()}
    )
    np.testing.assert_allclose(found, expected, atol=1e-5)
    pieces = [
        layer.layer.token_embedding.embeddings.numpy()
        for model in learned
        for layer in model.layers
        if isinstance(layer, SentenceVectors)
    ]
    assert len(pieces) == 2
    assert not np.array_equal(*pieces)


def test_nothing_is_fine_tuned_without_an_encoder(command, meld, tmp_path):
    done = command("train", meld("train.csv", 2), "--out", tmp_path / "run", "--fine-tune", 1)
    assert (done.code, done.out) == (2, "")
    assert "`fine_tune` must be epochs of a training with a `text_encoder`" in done.err


def test_a_vector_of_the_words_and_of_the_sentences_in_whole_clips(command, tiny_bert, tmp_path):
    said = np.array(["fire alarms", "no"] * 20)
    np.savez(
        tmp_path / "a.npz", said=said, x=np.ones((40, 2)), label=said, group=np.arange(40) // 4
    )
    flags = ("--text-encoder", tiny_bert, "--folds", 2, "--epochs", 8, "--fine-tune", 1)
    flags = (*flags, "--group", "group", "--modalities", "said,x", "--json")
    done = command("crossval", tmp_path / "a.npz", "--out", tmp_path / "cv", *flags)
    assert done.code == 0, done.err
    assert json.loads(done.out)["mean"]["accuracy"] > 0.9


@pytest.mark.parametrize(
    ("folder", "message"),
    [("absent", "No checkpoint in this folder"), ("other", "not a BERT")],
)
def test_a_folder_without_a_bert_is_told_first(command, meld, tmp_path, folder, message):
    pytest.importorskip("keras_hub", reason="the extra `bert` is not installed")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/config.json").write_text("{}")
    flags = ("--out", tmp_path / "run", "--text-encoder", tmp_path / folder)
    done = command("train", meld("train.csv", 2), *flags)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert not (tmp_path / "run").exists()


def test_a_missing_package_is_told_first(command, meld, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "keras_hub", None)
    flags = ("--out", tmp_path / "run", "--text-encoder", tmp_path)
    done = command("train", meld("train.csv", 2), *flags)
    assert (done.code, done.out) == (2, "")
    assert "pip install 'mmfusion[bert]'" in done.err


def test_numbers_have_no_sentences(command, corpus, tiny_bert, tmp_path):
    flags = ("--out", tmp_path / "run", "--text-encoder", tiny_bert)
    done = command("train", corpus, *flags)
    assert (done.code, done.out) == (2, "")
    assert "no array of words to read" in done.err


@pytest.mark.parametrize("verb", ["compare", "crossval", "train"])
def test_clips_are_not_read_so(command, small_corpus, tmp_path, verb):
    flags = () if verb == "compare" else ("--out", tmp_path / "run")
    done = command(verb, small_corpus, "--text-encoder", tmp_path, *flags)
    assert (done.code, done.out) == (2, "")
    assert "`text_encoder` is for arrays, not clips" in done.err


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("crossval {corpus} --out {run} --branches audio=mel_cnn", "branches"),
        ("train {corpus} --out {run} --branches audio=mel_cnn", "branches"),
        ("evaluate {run} {corpus} --noise-db -5", "noise_db"),
    ],
)
def test_what_is_of_clips_is_told(command, corpus, tmp_path, asked, name):
    done = command(*asked.format(corpus=corpus, run=tmp_path / "run").split())
    assert (done.code, done.out) == (2, "")
    assert f"`{name}` is for clips, not arrays" in done.err

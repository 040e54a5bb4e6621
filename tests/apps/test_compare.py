"""Compare fusions on the same grouped folds, for arrays and for clips."""

import json

import numpy as np
import pytest

from mmfusion.apps import compare
from mmfusion.options.reading import read_options
from mmfusion.options.verbs import CompareOptions
from tests.apps.corpora import write_words


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A class that two modalities tell only together: half of it each."""
    rng = np.random.default_rng(0)
    label = np.arange(80) // 8 % 4
    path = tmp_path_factory.mktemp("compare") / "corpus.npz"
    np.savez(
        path,
        a=rng.normal(size=(80, 2)) + 5 * (label // 2)[:, None],
        b=rng.normal(size=(80, 2)) + 5 * (label % 2)[:, None],
        label=label,
        subject=np.arange(80) % 8,
    )
    return path


@pytest.fixture(scope="module")
def result(corpus):
    """What `compare` returns of two fusions and of one that needs what is not there."""
    options = read_options(
        CompareOptions,
        manifest=str(corpus),
        group="subject",
        fusions=("concat", "temporal"),
        folds=2,
        epochs=15,
        units=8,
        learning_rate=0.03,
        augment_modality_dropout=0.0,
    )
    return compare.run(options)


def test_each_fusion_beside_the_best_single_modality(result):
    rows = {row["name"]: row for row in result["rows"]}
    assert [(row["kind"], row["name"]) for row in result["rows"]] == [
        ("single", "a"),
        ("single", "b"),
        ("fusion", "concat"),
        ("fusion", "temporal"),
    ]
    best = rows[result["best_single"]]
    assert best["test"] is None
    assert best["mean"] == max(rows["a"]["mean"], rows["b"]["mean"]) < 0.7
    assert rows["concat"]["mean"] == pytest.approx(np.mean(rows["concat"]["accuracies"]))
    gain = rows["concat"]["mean"] - best["mean"]
    assert rows["concat"]["test"]["gain"] == pytest.approx(gain)
    assert gain > 0.2
    assert rows["temporal"]["parameters"] > rows["concat"]["parameters"] > best["parameters"]
    assert all(row["step_ms"] > 0 for row in rows.values())
    json.dumps(result)


def test_a_row_for_each_in_the_table(result):
    bad = {"kind": "fusion", "name": "spatial", "error": "does not fit"}
    lines = compare.table({**result, "rows": [*result["rows"], bad]}).splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["a", "b", "concat", "temporal", "spatial"]
    assert f"gain over {result['best_single']}" in lines[0]
    assert lines[-1].endswith("does not fit")


def test_clips_are_cleaned_and_trained_as_by_train(tmp_path, monkeypatch):
    fitted = []

    def accuracy(model, data):
        fitted.append((model, data))
        return 0.5

    monkeypatch.setattr(compare, "accuracy", accuracy)
    manifest = write_words(tmp_path / "m.jsonl", 24, groups=24)
    options = read_options(
        CompareOptions,
        manifest=str(manifest),
        out=str(tmp_path / "out"),
        modalities=("text",),
        cleaning=("text.stems",),
        folds=2,
        epochs=1,
        units=4,
        steps=2,
        cache=str(tmp_path / "cache"),
    )
    found = compare.run(options)
    (row,) = found["rows"]  # one modality is not fused
    assert (row["kind"], row["name"], row["accuracies"]) == ("single", "text", [0.5, 0.5])
    model, data = fitted[0]
    assert model.output_shape == (None, 2)
    assert sum(y.shape[0] for _, y in data) == 12
    words = 3  # of six: alarm and calm rows keep "help" and "fine" and one more
    assert max(int(x["text"].numpy().max()) for x, _ in data) == words + 1  # 0 and 1 are none
    config = json.loads((tmp_path / "out" / "text" / "fold-0" / "config.json").read_text())
    assert {name: len(ids) for name, ids in config["parts"].items()} == {
        "train": 10,  # of 12 rows an eighth, of each class one, validates
        "val": 2,
        "test": 12,
    }


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--fusions", "blend"), "`fusions` must be one of"),
        (("--folds", 1), "`folds` must be at least 2"),
        (("--label", "lable"), "no column 'lable'"),
        (("--cleaning", "audio.gate"), "--cleaning applies to clips"),
    ],
)
def test_says_what_does_not_fit(command, corpus, flags, message):
    done = command("compare", corpus, *flags)
    assert (done.code, done.out) == (2, "")
    assert message in done.err

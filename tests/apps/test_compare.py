"""Compare every fusion on the same grouped folds, by the command."""

import json

import numpy as np
import pytest


@pytest.fixture
def corpus(tmp_path):
    """A class that two modalities tell only together: half of it each."""
    rng = np.random.default_rng(0)
    label = np.arange(80) // 8 % 4
    np.savez(
        tmp_path / "corpus.npz",
        a=rng.normal(size=(80, 2)) + 5 * (label // 2)[:, None],
        b=rng.normal(size=(80, 2)) + 5 * (label % 2)[:, None],
        label=label,
        subject=np.arange(80) % 8,
    )
    (tmp_path / "options.json").write_text('{"epochs": 20}')
    return tmp_path / "corpus.npz"


def test_tells_each_fusion_beside_the_best_single_modality(command, corpus, tmp_path):
    done = command(
        *("compare", corpus, "--fusions", "concat,temporal", "--folds", 2, "--json"),
        *("--group", "subject", "--options", tmp_path / "options.json"),
    )
    assert done.code == 0
    told = json.loads(done.out)
    rows = {row["name"]: row for row in told["rows"]}
    assert [(row["kind"], row["name"]) for row in told["rows"]] == [
        ("single", "a"),
        ("single", "b"),
        ("fusion", "concat"),
        ("fusion", "temporal"),
    ]
    best = rows[told["best_single"]]
    assert best["test"] is None
    assert best["mean"] == max(rows["a"]["mean"], rows["b"]["mean"]) < 0.7
    assert rows["concat"]["mean"] == pytest.approx(np.mean(rows["concat"]["accuracies"]))
    gain = rows["concat"]["mean"] - best["mean"]
    assert rows["concat"]["test"]["gain"] == pytest.approx(gain)
    assert gain > 0.2
    assert rows["temporal"]["parameters"] > rows["concat"]["parameters"] > best["parameters"]
    assert all(row["step_ms"] > 0 for row in rows.values())


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--fusions", "blend"), "`fusions` must be some of"),
        (("--folds", 1), "`folds` must be at least 2"),
        (("--label", "lable"), "no array 'lable'"),
        (("--cleaning", "audio.gate"), "`cleaning` is for clips, not arrays"),
    ],
)
def test_says_what_does_not_fit(command, corpus, flags, message):
    done = command("compare", corpus, *flags)
    assert (done.code, done.out) == (2, "")
    assert message in done.err

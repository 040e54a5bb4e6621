"""Cross-validate on arrays, by the command."""

import json

import numpy as np
import pytest


def test_every_row_is_scored_once_by_a_model_that_never_saw_its_group(command, tmp_path):
    rng = np.random.default_rng(0)
    label = np.arange(48) % 2
    arrays = {"x": rng.normal(size=(48, 2)) + 4 * label[:, None], "label": label}
    np.savez(tmp_path / "corpus.npz", **arrays, subject=np.arange(48) // 2 % 6)
    (tmp_path / "options.json").write_text(json.dumps({"units": 8, "rate": 0.02}))
    done = command(
        *("crossval", tmp_path / "corpus.npz", "--out", tmp_path / "cv", "--group", "subject"),
        *("--folds", 2, "--seeds", 2, "--epochs", 9, "--json"),
        *("--options", tmp_path / "options.json"),
    )
    assert done.code == 0
    told = json.loads(done.out)
    assert [fold["n"] for fold in told["folds"]] == [24, 24]
    assert told["mean"]["accuracy"] > 0.85
    assert told["mean_accuracy"] == pytest.approx(
        np.mean([fold["mean_accuracy"] for fold in told["folds"]])
    )
    config = json.loads((tmp_path / "cv/fold-0/config.json").read_text())
    assert not set(config["parts"]["train"]) & set(config["parts"]["test"])
    assert len(config["parts"]["train"]) == 24

import json
import shutil

import pytest

from mmfusion.apps import export


def test_versions_count_up_and_the_card_tells_the_training(command, small_run, tmp_path):
    out = tmp_path / "saved_models" / "small"
    for number in (1, 2):
        done = command("export", small_run, "--out", out)
        assert (done.code, done.out) == (0, f"{out / str(number)}\n")
    card = json.loads((out / "2" / "card.json").read_text())
    assert card["training"] == {"clips": {"train": 26, "val": 8, "test": 16}, "label": "label"}
    told = json.loads((small_run / "metrics.json").read_text())
    assert card["metrics"]["accuracy"] == told["accuracy"]
    assert card["metrics"]["leak"] == told["leak"]
    assert card["spec"]["steps"] == 4


def test_a_run_without_a_test_part_has_no_metrics(small_run, tmp_path):
    run = shutil.copytree(small_run, tmp_path / "run")
    (run / "metrics.json").unlink()
    version = export.run(export.Options(str(run), str(tmp_path / "out")))
    assert "metrics" not in json.loads((version / "card.json").read_text())


def test_not_a_run(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"config\.json is missing"):
        export.run(export.Options(str(tmp_path), str(tmp_path / "out")))
    assert not (tmp_path / "out").exists()

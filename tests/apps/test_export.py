import json
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest

from mmfusion.apps import export
from mmfusion.experiments.run import read_run
from mmfusion.files import read_json, write_json
from mmfusion.options.verbs import ExportOptions
from mmfusion.serving.predictor import Predictor


def test_versions_count_up_and_the_card_tells_the_training(command, small_run, tmp_path):
    out = tmp_path / "saved_models" / "small"
    for number in (1, 2):
        done = command("export", small_run, "--out", out)
        assert (done.code, done.out) == (0, f"{out / str(number)}\n")
    card = json.loads((out / "2" / "card.json").read_text())
    assert card["training"]["rows"] == {"train": 26, "val": 8, "test": 16}
    assert card["training"]["corpus"]["label"] == "label"
    told = json.loads((small_run / "metrics.json").read_text())
    assert card["metrics"]["accuracy"] == told["accuracy"]
    assert card["metrics"]["leak"] == told["leak"]
    assert card["spec"]["steps"] == 4


def test_a_run_without_a_test_part_has_no_metrics(small_run, tmp_path):
    run = shutil.copytree(small_run, tmp_path / "run")
    (run / "metrics.json").unlink()
    result = export.run(ExportOptions(run=str(run), out=str(tmp_path / "out")))
    assert result == {"export": str(tmp_path / "out" / "1")}
    assert export.table(result) == result["export"]
    assert "metrics" not in json.loads(Path(result["export"], "card.json").read_text())


def test_not_a_run(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"config\.json is missing"):
        export.run(ExportOptions(run=str(tmp_path), out=str(tmp_path / "out")))
    assert not (tmp_path / "out").exists()


def test_the_temperature_travels_in_the_export(small_run, tmp_path):
    """A run and its export agree, and a greater temperature softens both."""
    run = shutil.copytree(small_run, tmp_path / "run")
    write_json(run / "calibration.json", read_json(run / "calibration.json") | {"temperature": 4.0})
    opened = read_run(run)
    result = export.run(ExportOptions(run=str(run), out=str(tmp_path / "out")))
    predictor = Predictor(result["export"])
    assert predictor.card["calibration"]["temperature"] == 4.0
    rng = np.random.default_rng(0)
    spec = opened.spec
    aligned = {
        "audio": rng.uniform(-1, 1, (2, *spec.aligned_shapes["audio"])).astype("float32"),
        "video": rng.integers(0, 256, (2, *spec.aligned_shapes["video"])).astype("uint8"),
    }
    exported = predictor.batch(aligned)
    masks = {f"{name}_mask": np.full((2, spec.steps), name != "text") for name in spec.modalities}
    full = {**aligned, "text": np.full((2, spec.steps), "", object), **masks}
    ready = opened.preprocessor(
        {name: keras.ops.convert_to_tensor(each) for name, each in full.items()}
    )
    np.testing.assert_allclose(opened.model(ready), exported, rtol=1e-4)
    raw = keras.saving.load_model(run / "best.keras", compile=False)(ready)
    expected = np.asarray(raw) ** 0.25
    np.testing.assert_allclose(exported, expected / expected.sum(axis=1, keepdims=True), rtol=1e-4)

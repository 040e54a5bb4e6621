import dataclasses
import shutil
import types
from pathlib import Path

import keras
import numpy as np
import pytest

from mmfusion.apps import export
from mmfusion.apps.runs.run import read_run
from mmfusion.apps.scores.calibration import calibrate, calibrated
from mmfusion.files import read_json, write_json
from mmfusion.serving.predictor import Predictor


@dataclasses.dataclass(frozen=True)
class Stub:
    """Stands for a run: a model that says the probabilities it is given."""

    folder: object
    model: object
    classes: tuple = ("calm", "fight")


@pytest.fixture
def sure(tmp_path):
    inputs = keras.Input((2,))
    model = keras.Model(inputs, keras.layers.Identity(name="probabilities")(inputs))
    return Stub(tmp_path, model)


def four(right=3):
    """Forty clips called 'fight' at 0.99, of which so many of four are."""
    labels = np.array([1] * right + [0] * (4 - right)).repeat(10)
    return [(np.tile([[0.01, 0.99]], (40, 1)).astype("float32"), labels)]


def test_an_overconfident_run_is_softened(sure, tmp_path):
    run = calibrate(sure, four())
    found = read_json(tmp_path / "calibration.json")
    assert (found["n"], found["threshold"]) == (40, None)
    assert found["ece"]["before"] == pytest.approx(0.24, abs=1e-6)
    assert found["ece"]["after"] < 0.1
    told = np.asarray(run.model(np.array([[0.01, 0.99]], "float32")))
    assert 0.7 < told[0, 1] < 0.85
    np.testing.assert_allclose(told.sum(), 1, rtol=1e-6)


def test_a_threshold_for_a_wanted_recall(sure, tmp_path):
    scores = np.array([0.9, 0.8, 0.6, 0.3, 0.7])
    data = [(np.stack([1 - scores, scores], 1).astype("float32"), np.array([1, 1, 0, 1, 0]))]
    run = calibrate(sure, data, positive="fight", recall=0.6)
    found = read_json(tmp_path / "calibration.json")["threshold"]
    assert (found["class"], found["wanted_recall"]) == ("fight", 0.6)
    assert (found["recall"], found["precision"]) == (pytest.approx(2 / 3), 1.0)
    second = float(run.model(np.array([[0.2, 0.8]], "float32"))[0, 1])
    assert found["value"] == pytest.approx(second, rel=1e-5)


@pytest.mark.parametrize("positive", [None, "riot"])
def test_a_threshold_needs_a_class(sure, positive):
    with pytest.raises(ValueError, match="`positive` must be one of"):
        calibrate(sure, four(), positive=positive, recall=0.9)


def test_without_a_file_a_run_is_as_it_was():
    run = types.SimpleNamespace(folder=Path("nowhere"))
    assert calibrated(run) is run


def test_the_temperature_travels_in_the_export(small_run, tmp_path):
    """A run and its export agree, and a greater temperature softens both."""
    run = shutil.copytree(small_run, tmp_path / "run")
    assert read_json(run / "calibration.json")["n"] == 8
    write_json(run / "calibration.json", read_json(run / "calibration.json") | {"temperature": 4.0})
    opened = read_run(run)
    version = export.run(export.Options(str(run), str(tmp_path / "out")))
    predictor = Predictor(version)
    assert predictor.card["calibration"]["temperature"] == 4.0
    rng = np.random.default_rng(0)
    spec = opened.spec
    aligned = {
        "audio": rng.uniform(-1, 1, (2, *spec.aligned_shapes["audio"])).astype("float32"),
        "video": rng.integers(0, 256, (2, *spec.aligned_shapes["video"])).astype("uint8"),
    }
    exported = predictor.batch(aligned)
    full = {
        name: aligned.get(name.removesuffix("_mask"))
        for name in opened.preprocessor.input
        if not name.endswith("_mask")
    }
    full["text"] = np.full((2, spec.steps), "", object)
    masks = {f"{name}_mask": np.full((2, spec.steps), name != "text") for name in full}
    ready = opened.preprocessor(
        {k: keras.ops.convert_to_tensor(v) for k, v in {**full, **masks}.items()}
    )
    np.testing.assert_allclose(opened.model(ready), exported, rtol=1e-4)
    raw = keras.saving.load_model(run / "best.keras", compile=False)(ready)
    expected = np.asarray(raw) ** 0.25
    np.testing.assert_allclose(exported, expected / expected.sum(axis=1, keepdims=True), rtol=1e-4)

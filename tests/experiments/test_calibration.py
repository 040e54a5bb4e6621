import dataclasses
import shutil

import keras
import numpy as np
import pytest

from mmfusion.experiments.calibration import calibrate, calibrated_model, class_number
from mmfusion.experiments.run import read_run
from mmfusion.files import read_json, write_json
from mmfusion.options.scoring import Scoring


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
    run = calibrate(sure, four(), Scoring())
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
    run = calibrate(sure, data, Scoring(positive="fight", recall=0.6))
    found = read_json(tmp_path / "calibration.json")["threshold"]
    assert (found["class"], found["wanted_recall"]) == ("fight", 0.6)
    assert (found["recall"], found["precision"]) == (pytest.approx(2 / 3), 1.0)
    second = float(run.model(np.array([[0.2, 0.8]], "float32"))[0, 1])
    assert found["value"] == pytest.approx(second, rel=1e-5)


def test_a_threshold_needs_a_class_of_the_run(sure):
    with pytest.raises(ValueError, match="`positive` must be one of .*'riot'"):
        calibrate(sure, four(), Scoring(positive="riot", recall=0.9))


def test_the_number_of_a_class():
    assert class_number(("calm", "fight"), "fight") == 1
    with pytest.raises(ValueError, match="`positive` must be one of .*None"):
        class_number(("calm", "fight"), None)


def test_without_a_file_a_model_is_as_it_was(sure, tmp_path):
    assert calibrated_model(sure.model, tmp_path) is sure.model


def test_an_opened_run_has_its_temperature(small_run, tmp_path):
    run = shutil.copytree(small_run, tmp_path / "run")
    assert read_json(run / "calibration.json")["n"] == 8
    write_json(run / "calibration.json", read_json(run / "calibration.json") | {"temperature": 4.0})
    opened = read_run(run)
    rng = np.random.default_rng(0)
    batch = {
        name: np.ones((2, *tensor.shape[1:]), bool)
        if name.endswith("_mask")
        else rng.integers(2, 9, (2, *tensor.shape[1:])).astype(tensor.dtype)
        for name, tensor in opened.model.input.items()
    }
    raw = keras.saving.load_model(run / "best.keras", compile=False)(batch)
    expected = np.asarray(raw) ** 0.25
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(opened.model(batch), expected, rtol=1e-4)

import shutil

import keras
import numpy as np
import pytest

from mmfusion.experiments.calibration import (
    calibrate,
    calibrated_model,
    class_number,
    read_calibration,
)
from mmfusion.experiments.run import read_run
from mmfusion.files import read_json, write_json
from mmfusion.fusion import DecisionFusion
from mmfusion.models.classifier import classifier
from mmfusion.options.scoring import Scoring


@pytest.fixture
def sure():
    """A model that says the probabilities it is given."""
    inputs = keras.Input((2,))
    return keras.Model(inputs, keras.layers.Identity(name="probabilities")(inputs))


def fitted(model, data, folder, **scoring):
    return calibrate(
        model, data, folder=folder, classes=("calm", "fight"), scoring=Scoring(**scoring)
    )


def four(right=3):
    """Forty clips called 'fight' at 0.99, of which so many of four are."""
    labels = np.array([1] * right + [0] * (4 - right)).repeat(10)
    return [(np.tile([[0.01, 0.99]], (40, 1)).astype("float32"), labels)]


def test_an_overconfident_run_is_softened(sure, tmp_path):
    model = fitted(sure, four(), tmp_path)
    found = read_json(tmp_path / "calibration.json")
    assert (found["n"], found["threshold"], found["weights"]) == (40, None, None)
    assert not (tmp_path / "best.keras").exists()  # nothing of the model has changed
    assert found["ece"]["before"] == pytest.approx(0.24, abs=1e-6)
    assert found["ece"]["after"] < 0.1
    told = np.asarray(model(np.array([[0.01, 0.99]], "float32")))
    assert 0.7 < told[0, 1] < 0.85
    np.testing.assert_allclose(told.sum(), 1, rtol=1e-6)
    by_hand = -0.75 * np.log(told[0, 1]) - 0.25 * np.log(told[0, 0])
    assert found["log_loss"] == pytest.approx(by_hand, rel=1e-5)


def test_a_threshold_for_a_wanted_recall(sure, tmp_path):
    scores = np.array([0.9, 0.8, 0.6, 0.3, 0.7])
    data = [(np.stack([1 - scores, scores], 1).astype("float32"), np.array([1, 1, 0, 1, 0]))]
    model = fitted(sure, data, tmp_path, positive="fight", recall=0.6)
    found = read_json(tmp_path / "calibration.json")["threshold"]
    assert (found["class"], found["wanted_recall"]) == ("fight", 0.6)
    assert (found["recall"], found["precision"]) == (pytest.approx(2 / 3), 1.0)
    second = float(model(np.array([[0.2, 0.8]], "float32"))[0, 1])
    assert found["value"] == pytest.approx(second, rel=1e-5)


def test_a_threshold_needs_a_class_that_is_there(sure, tmp_path):
    with pytest.raises(ValueError, match=r"`positive` must be one of .*'riot'"):
        fitted(sure, four(), tmp_path, positive="riot", recall=0.9)


def test_the_number_of_a_class():
    assert class_number(("calm", "fight"), "fight") == 1
    with pytest.raises(ValueError, match=r"`positive` must be one of .*None"):
        class_number(("calm", "fight"), None)


def test_without_a_file_a_model_is_as_it_was(sure, tmp_path):
    assert calibrated_model(sure, tmp_path) is sure


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


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("temperature", 0, r"'temperature': .*greater than 0. Received: 0"),
        ("temperature", "1", r"'temperature': .*Received: '1'"),
        ("temperature", True, r"'temperature': .*Received: True"),
        ("n", -1, "'n': .*Received: -1"),
        ("weights", [1], "'weights': .*object"),
        ("ece", {"before": 0.1}, r"'ece\.after': Field required"),
        ("threshold", {"value": 0.5}, r"\['threshold.called', 'threshold.class'"),
        ("further", 1, "'further': Extra"),
    ],
)
def test_a_file_that_does_not_fit_is_one_line(sure, tmp_path, field, value, message):
    fitted(sure, four(), tmp_path, positive="fight", recall=0.9)
    path = tmp_path / "calibration.json"
    assert read_calibration(tmp_path) == read_json(path)
    write_json(path, read_json(path) | {field: value})
    for read in (read_calibration, lambda folder: calibrated_model(sure, folder)):
        with pytest.raises(ValueError, match=message) as caught:
            read(tmp_path)
        assert str(caught.value).startswith(f"{path}: ")
        assert "\n" not in str(caught.value)


def test_weights_of_modalities_are_kept_with_the_model(tmp_path):
    branches = {name: lambda inputs, mask: (inputs, mask) for name in ("audio", "video")}
    shapes, fusion = {"audio": (1, 2), "video": (1, 2)}, DecisionFusion(2)
    model = classifier(shapes, classes=2, fusion=fusion, branches=branches)
    labels = np.arange(40) % 2
    rng = np.random.default_rng(0)
    batch = {
        "audio": rng.normal(size=(40, 1, 2)).astype("float32"),
        "audio_mask": np.ones((40, 1), bool),
        "video": 4 * np.eye(2, dtype="float32")[labels][:, None],
        "video_mask": np.ones((40, 1), bool),
    }
    batch = {name: keras.ops.convert_to_tensor(each) for name, each in batch.items()}
    soft = fitted(model, [(batch, labels)], tmp_path)
    found = read_json(tmp_path / "calibration.json")
    assert sum(found["weights"].values()) == pytest.approx(1)
    saved = keras.saving.load_model(tmp_path / "best.keras", compile=False)
    np.testing.assert_array_equal(saved(batch), model(batch))
    np.testing.assert_allclose(calibrated_model(saved, tmp_path)(batch), soft(batch), rtol=1e-5)

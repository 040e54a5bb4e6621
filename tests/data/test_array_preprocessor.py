"""The Preprocessor of a corpus of arrays."""

import keras
import numpy as np
import pytest

from mmfusion.data.array_preprocessor import array_preprocessor
from mmfusion.data.read_arrays import read_arrays
from mmfusion.preprocessing.scaling import fit_min_max


@pytest.fixture
def rows(tmp_path):
    arrays = {
        "depth": np.full((3, 2, 4, 4), 255, "uint8"),
        "inertial": np.array([1.0, 3.0, 5.0, 7.0, np.nan, np.nan]).reshape(3, 2, 1),
        "said": np.array(["stop now", "go", ""]),
        "label": np.array([0, 1, 0]),
    }
    np.savez(tmp_path / "corpus.npz", **arrays)
    return read_arrays(tmp_path / "corpus.npz", modalities=("depth", "inertial", "said"))


def test_by_hand(rows):
    ready = array_preprocessor(rows, vocabulary=["go"], tokens=2)(rows.tensors)
    scaled = np.array([-3, -1, 1, 3, 0, 0]) / np.sqrt(5)
    np.testing.assert_allclose(np.ravel(ready["inertial"]), scaled, rtol=1e-6)
    assert np.array(ready["inertial_mask"]).tolist() == [[True] * 2, [True] * 2, [False] * 2]
    assert ready["depth"].shape == (3, 2, 4, 4, 2)
    np.testing.assert_array_equal(ready["depth"][..., 0], np.ones((3, 2, 4, 4)))
    assert np.array(ready["said"]).tolist() == [[[1, 1]], [[2, 0]], [[0, 0]]]


def test_another_scaling_and_absent_steps_are_never_fitted_to(rows):
    ready = array_preprocessor(rows, fit=fit_min_max)(rows.tensors)
    np.testing.assert_allclose(np.ravel(ready["inertial"]), [0, 1 / 3, 2 / 3, 1, 0, 0], rtol=1e-6)


def test_absurd_numbers_are_cut(rows):
    prep = array_preprocessor(rows)
    far = {**rows.tensors, "inertial": np.full((3, 2, 1), 1e6, "float32")}
    assert float(np.max(prep(far)["inertial"])) == 5.0


def test_survives_saving(rows, tmp_path):
    prep = array_preprocessor(rows, vocabulary=["go"])
    prep.save(tmp_path / "prep.keras")
    again = keras.models.load_model(tmp_path / "prep.keras", safe_mode=True)(rows.tensors)
    for name, value in prep(rows.tensors).items():
        np.testing.assert_array_equal(again[name], value)

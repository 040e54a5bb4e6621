"""What the reference set of packages saved loads in the newest one, and the other way round.

`tests/data_files/make_saved.py` made the files, once in each set.
"""

import importlib.util
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest

from mmfusion.serving import Predictor

FILES = Path(__file__).parents[1] / "data_files"


@pytest.fixture(scope="module")
def made():
    """The script that made the files."""
    spec = importlib.util.spec_from_file_location("make_saved", FILES / "make_saved.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=["reference", "latest"])
def saved(request, tmp_path_factory):
    """The files of one set, and what its models gave."""
    folder = tmp_path_factory.mktemp(request.param)
    shutil.unpack_archive(FILES / f"saved_by_{request.param}.zip", folder)
    return folder, np.load(folder / "expected.npz")


def test_layers(made, saved):
    folder, expected = saved
    model = keras.saving.load_model(folder / "layers.keras")
    given = model.predict(made.arrays(), verbose=0)
    np.testing.assert_allclose(given, expected["layers"], rtol=0, atol=1e-5)


def test_an_export(made, saved):
    folder, expected = saved
    given = Predictor(folder / "export").batch(made.clips())
    np.testing.assert_allclose(given, expected["export"], rtol=0, atol=1e-5)

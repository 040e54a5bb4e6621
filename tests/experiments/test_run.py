import shutil
import zipfile

import keras
import numpy as np
import pytest

from mmfusion.experiments.run import read_run


def test_a_run_is_opened_again(small_run):
    run = read_run(small_run)
    assert run.spec.steps == 4
    assert run.model.output_shape == (None, len(run.classes))
    batch = {
        name: np.zeros((2, *tensor.shape[1:]), "bool" if name.endswith("_mask") else "float32")
        for name, tensor in run.model.input.items()
    }
    assert run.model(batch).shape == (2, 8)


@pytest.mark.parametrize("name", ["config.json", "preprocessor.keras", "best.keras"])
def test_what_is_missing_or_torn_is_named(small_run, tmp_path, name):
    run = shutil.copytree(small_run, tmp_path / "run")
    content = (run / name).read_bytes()
    (run / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(ValueError, match=f"{name}: not"):
        read_run(run)
    (run / name).unlink()
    with pytest.raises(FileNotFoundError, match=f"Not a finished run: {name} is missing"):
        read_run(run)


def test_a_foreign_keras_file_is_one_line(small_run, tmp_path):
    run = shutil.copytree(small_run, tmp_path / "run")
    with zipfile.ZipFile(run / "best.keras", "w") as foreign:
        foreign.writestr("config.json", '{"class_name": "Lambda"}')
    with pytest.raises(ValueError, match=r"best\.keras: Keras cannot load it") as caught:
        read_run(run)
    assert "\n" not in str(caught.value)


def test_a_keras_file_of_other_classes_does_not_fit(small_run, tmp_path):
    run = shutil.copytree(small_run, tmp_path / "run")
    inputs = keras.Input((2,))
    keras.Model(inputs, keras.layers.Dense(3)(inputs)).save(run / "best.keras")
    with pytest.raises(ValueError, match=r"config\.json: `classes` must be the 3 of best\.keras"):
        read_run(run)

import types

import keras
import numpy as np
import pytest

from mmfusion.experiments.out_of_fold import out_of_fold, read_out_of_fold, write_out_of_fold


def cell(seed, fold, *rows):
    keys = ("id", "label", "group", "probabilities")
    rows = [dict(zip(keys, row, strict=True)) for row in rows]
    return {"seed": seed, "fold": fold, "classes": ["a, b", "c"], "rows": rows}


def test_the_mean_over_seeds_goes_through_the_file(tmp_path):
    cells = [
        cell(0, 0, ("x", "c", "g", [0.25, 0.75]), ("y", "a, b", None, [1.0, 0.0])),
        cell(1, 0, ("x", "c", "g", [0.75, 0.25])),
        cell(1, 1, ("y", "a, b", None, [0.5, 0.5])),
    ]
    write_out_of_fold(tmp_path, cells)
    classes, found = read_out_of_fold(tmp_path)
    assert classes == ["a, b", "c"]
    assert (found["x"]["label"], found["x"]["group"], found["y"]["group"]) == ("c", "g", "y")
    np.testing.assert_allclose(found["x"]["probabilities"], [0.5, 0.5])
    np.testing.assert_allclose(found["y"]["probabilities"], [0.75, 0.25])


def test_not_a_crossval(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"out_of_fold\.csv is missing"):
        read_out_of_fold(tmp_path)


def test_the_rows_of_a_part_with_what_a_run_predicts():
    inputs = keras.Input((1, 2), name="x"), keras.Input((1,), dtype="bool", name="x_mask")
    outputs = keras.layers.Identity()(keras.ops.reshape(inputs[0], (-1, 2)))
    model = keras.Model(dict(zip(("x", "x_mask"), inputs, strict=True)), outputs)
    run = types.SimpleNamespace(model=model, classes=("a", "b"))
    rows = [{"id": name, "label": y, "group": None} for name, y in (("p", "a"), ("q", None))]
    x = np.array([[[0.25, 0.75]]], "float32")
    data = [({"x": x, "x_mask": np.ones((1, 1), bool)}, np.array([0]))]
    part = types.SimpleNamespace(rows=[*rows, {"id": "r", "label": None, "group": "g"}])
    assert out_of_fold(run, data, part) == {
        "classes": ["a", "b"],
        "rows": [{"id": "p", "label": "a", "group": None, "probabilities": [0.25, 0.75]}],
    }

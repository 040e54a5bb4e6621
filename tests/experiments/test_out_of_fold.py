import numpy as np
import pytest

from mmfusion.apps.scores.out_of_fold import read_out_of_fold, write_out_of_fold


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

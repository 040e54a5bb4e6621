import types

import keras
import numpy as np
import pytest

from mmfusion.experiments.measure import measure
from mmfusion.files import read_json

LABELS = np.array([0, 1, 0, 1])


@pytest.fixture(scope="module")
def model():
    """Says class 1 where the only feature is above zero, class 0 where not or absent."""
    feature = keras.Input((1, 1), name="sign")
    mask = keras.Input((1,), dtype="bool", name="sign_mask")
    here = keras.ops.cast(mask, "float32")
    level = keras.ops.reshape(feature, (-1, 1)) * here
    levels = keras.ops.concatenate([-level, level], axis=-1)
    return keras.Model({"sign": feature, "sign_mask": mask}, keras.ops.softmax(levels))


@pytest.fixture(scope="module")
def measured(model, tmp_path_factory):
    signs = np.array([-3.0, 3.0, 3.0, 3.0], "float32").reshape(4, 1, 1)
    data = [({"sign": signs, "sign_mask": np.ones((4, 1), bool)}, LABELS)]
    rows = [{"id": str(at), "label": "ab"[y], "group": None} for at, y in enumerate(LABELS)]
    rows.insert(2, {"id": "unlabelled", "label": None, "group": None})
    bad = {"id": "x", "kind": "empty", "reason": "zero bytes"}
    records = types.SimpleNamespace(rows=rows, quarantined=(bad,))
    out = tmp_path_factory.mktemp("measured")
    return out, measure(model, data, records, classes=["a", "b"], ceilings={1: 0.5}, out=out)


def test_figures_by_hand(measured):
    _, metrics = measured
    assert (metrics["n"], metrics["accuracy"], metrics["majority"]) == (4, 0.75, 0.5)
    assert metrics["confusion"] == [[1, 1], [0, 2]]
    assert metrics["ablation"]["sign"]["accuracy"] == 0.75
    assert metrics["ablation"]["sign"]["ceiling"] == 0.5
    assert metrics["leak"]["blanked"]["accuracy"] == 0.5
    assert [row["id"] for row in metrics["wrong"]] == ["2"]
    assert [row["id"] for row in metrics["quarantined"]] == ["x"]


def test_what_is_written(measured):
    out, metrics = measured
    assert read_json(out / "metrics.json") == metrics
    pictures = {"ablation.png", "calibration.png", "confusion.png", "per_class.png"}
    assert {path.name for path in (out / "plots").iterdir()} == pictures
    assert "zero bytes" in (out / "report.html").read_text()

import numpy as np
import pytest

from mmfusion.baselines import predictions
from mmfusion.baselines.predictions import count_right, predict
from mmfusion.data.feature_table import FeatureTable

LABELS = np.arange(12) % 3


@pytest.fixture(autouse=True)
def nearest(monkeypatch):
    """One model for all: the class whose mean is nearest."""

    class Nearest:
        def __init__(self, features, labels):
            self.classes_ = np.unique(labels)
            self.means = [features[labels == one].mean(axis=0) for one in self.classes_]

    def class_scores(model, features):
        away = np.linalg.norm(features[:, None] - np.array(model.means), axis=-1)
        return 1 / (away + 1e-6)

    monkeypatch.setattr(
        predictions,
        "fit_models",
        lambda features, labels, seed: {"nearest": Nearest(features, labels)},
    )
    monkeypatch.setattr(predictions, "class_scores", class_scores)


def block(values):
    values = np.asarray(values, float)[:, None]
    return values[:6], values[6:]


def test_each_alone_each_modality_and_both_fusions():
    told = block(LABELS)
    blocks = {"audio.a": told, "audio.b": told, "video.c": block(np.zeros(12))}
    predicted, lost = predict(blocks, LABELS[:6], LABELS[6:], seed=0)
    names = ["audio", "audio.a", "audio.b", "early fusion", "late fusion", "video"]
    kinds = ("nearest", "vote")
    assert sorted(predicted) == [f"{kind}, {name}" for kind in kinds for name in names]
    np.testing.assert_array_equal(predicted["nearest, audio"], LABELS[6:])
    np.testing.assert_array_equal(predicted["vote, early fusion"], LABELS[6:])
    assert lost["audio"] > 0 == lost["video"]


def test_one_feature_set_is_not_fused():
    predicted, lost = predict({"audio.a": block(LABELS)}, LABELS[:6], seed=0)
    assert (sorted(predicted), lost) == (["nearest, audio", "vote, audio"], {})


def test_classes_that_were_not_trained_on_are_never_predicted():
    labels = np.array([0, 2, 0, 2, 0, 2])
    predicted, _ = predict({"audio.a": block(labels.tolist() * 2)}, labels, seed=0)
    np.testing.assert_array_equal(predicted["nearest, audio"], labels)


def test_right_ones_are_counted_on_parts_that_have_all_classes():
    table = FeatureTable(
        ids=[str(row) for row in range(12)],
        columns={},
        features={"audio.a": LABELS[:, None] * 1.0, "video.b": np.zeros((12, 1))},
        words=[""] * 12,
        quarantined=[],
    )
    rows = np.arange(12)
    parts = [(rows[:6], rows[6:9]), (rows[6:], rows[3:6]), (rows[:2], rows[9:])]
    right = count_right(table, LABELS, parts, seed=0)
    assert right["nearest, audio"] == 6  # nothing of the last part
    assert right["nearest, video"] == 2
    assert count_right(table, LABELS, [], seed=0) == {}

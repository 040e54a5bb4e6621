import numpy as np
import pytest

from mmfusion.evaluation.calibration import calibration, temperature


def test_no_clip():
    assert calibration(np.zeros(0, int), np.zeros((0, 2))) == {"ece": None, "bins": []}


@pytest.mark.parametrize(("label", "ece"), [(0, 0.3), (1, 0.7)])
def test_one_clip(label, ece):
    found = calibration(np.array([label]), np.array([[0.7, 0.3]]))
    assert found["ece"] == pytest.approx(ece)
    assert [row["n"] for row in found["bins"]] == [1]


def test_by_hand():
    winning = np.array([0.62, 0.68, 0.91, 0.95, 1.0])
    probabilities = np.stack([winning, 1 - winning], axis=1)
    found = calibration(np.array([0, 1, 0, 0, 1]), probabilities)
    assert [(row["low"], row["high"], row["n"]) for row in found["bins"]] == [
        (0.6, 0.7, 2),
        (0.9, 1.0, 3),
    ]
    assert [row["accuracy"] for row in found["bins"]] == pytest.approx([1 / 2, 2 / 3])
    assert [row["confidence"] for row in found["bins"]] == pytest.approx([0.65, 2.86 / 3])
    assert found["ece"] == pytest.approx((2 * 0.15 + 3 * abs(2.86 / 3 - 2 / 3)) / 5)


def test_a_well_calibrated_model_has_a_small_error():
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.5, 1, 20_000)
    labels = (rng.random(20_000) > sure).astype(int)
    assert calibration(labels, np.stack([sure, 1 - sure], axis=1))["ece"] < 0.015


def softened(logits, t):
    exp = np.exp(logits / t)
    return exp / exp.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("true_t", [0.5, 1.0, 2.5, 12.0])
def test_the_temperature_that_made_the_labels_is_found(true_t):
    """Labels drawn from the softened probabilities of many clips lead back to T."""
    rng = np.random.default_rng(0)
    logits = rng.normal(scale=2.0, size=(20_000, 3))
    chosen = softened(logits, true_t).cumsum(axis=1) > rng.random((20_000, 1))
    assert temperature(chosen.argmax(axis=1), softened(logits, 1)) == pytest.approx(
        true_t, rel=0.05 if true_t < 10 else 0.1
    )


def test_no_clip_and_few_clips_stay_near_one():
    assert temperature(np.zeros(0, int), np.zeros((0, 2))) == pytest.approx(1, abs=1e-4)
    assert 0.5 < temperature(np.array([0, 1]), np.array([[0.9, 0.1], [0.1, 0.9]])) < 1

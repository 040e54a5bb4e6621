import keras
import numpy as np
import pytest

from mmfusion.losses.cross_entropy import CrossEntropy

P = np.array([[0.7, 0.2, 0.1], [0.2, 0.5, 0.3]], "float32")


@pytest.mark.parametrize("label_smoothing", [0.0, 0.2])
def test_against_keras(label_smoothing):
    theirs = keras.losses.CategoricalCrossentropy(label_smoothing=label_smoothing)
    shares = np.array([[1, 0, 0], [0, 0.4, 0.6]], "float32")
    ours = CrossEntropy(label_smoothing=label_smoothing)(shares, P)
    assert float(ours) == pytest.approx(float(theirs(shares, P)), rel=1e-5)


def test_class_numbers_against_keras():
    labels, weights = np.array([2, 1]), np.array([3.0, 1.0])
    theirs = keras.losses.SparseCategoricalCrossentropy()(labels, P, sample_weight=weights)
    ours = CrossEntropy()(labels, P, sample_weight=weights)
    assert float(ours) == pytest.approx(float(theirs), rel=1e-5)


def test_each_step_of_a_sequence_counts_as_a_clip_would():
    weights, classes = np.array([3.0, 0.0]), [1.0, 2.0, 5.0]
    loss = CrossEntropy(class_weights=classes, reduction="mean_with_sample_weight")
    labels = np.array([2, 1])
    of_clips = loss(labels, P, sample_weight=weights)
    of_steps = loss(labels[None], P[None], sample_weight=weights[None])
    assert float(of_steps) == pytest.approx(float(of_clips), rel=1e-6)
    assert float(of_steps) == pytest.approx(-5 * np.log(0.1), rel=1e-5)


def test_config_goes_round():
    loss = CrossEntropy(label_smoothing=0.1, class_weights=[1.0, 2.0, 3.0])
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    assert again.get_config() == loss.get_config()
    assert "gamma" not in loss.get_config()

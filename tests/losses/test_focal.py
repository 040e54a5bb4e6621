import keras
import numpy as np
import pytest

from mmfusion.losses.focal import Focal

P = np.array([[0.7, 0.2, 0.1], [0.2, 0.5, 0.3], [0.1, 0.1, 0.8]], "float32")
Y = np.array([0, 2, 2])


def test_by_hand():
    truth = np.array([0.7, 0.3, 0.8])
    expected = (-((1 - truth) ** 2) * np.log(truth)).mean()
    assert float(Focal(2.0)(Y, P)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_against_keras(gamma):
    theirs = keras.losses.CategoricalFocalCrossentropy(alpha=1.0, gamma=gamma)
    shares = np.eye(3, dtype="float32")[Y]
    assert float(Focal(gamma)(shares, P)) == pytest.approx(float(theirs(shares, P)), rel=1e-5)


def test_classes_are_weighed():
    weighed = Focal(1.0, class_weights=[1.0, 5.0, 2.0])(Y, P)
    truth = np.array([0.7, 0.3, 0.8])
    expected = (-(1 - truth) * np.log(truth) * [1, 2, 2]).mean()
    assert float(weighed) == pytest.approx(expected, rel=1e-5)


def test_an_impossible_truth_is_finite():
    assert np.isfinite(float(Focal()(np.array([0]), np.array([[0.0, 1.0]]))))


def test_trains_and_goes_through_a_file(tmp_path):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3, "softmax")])
    loss = Focal(1.5, label_smoothing=0.1, class_weights=np.ones(3, "float32"))
    model.compile(optimizer=keras.optimizers.Adam(0.1), loss=loss, metrics=["accuracy"])
    losses = model.fit(P, Y, epochs=5, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert again.loss.get_config() == loss.get_config()


@pytest.mark.parametrize(
    "wrong", [{"gamma": -1}, {"label_smoothing": 1.0}, {"label_smoothing": -0.1}]
)
def test_out_of_range(wrong):
    with pytest.raises(ValueError, match="Received"):
        Focal(**wrong)

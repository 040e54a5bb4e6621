import keras
import numpy as np
import pytest

from mmfusion.layers.temperature import Temperature

LOGITS = np.array([[2.0, 0.0, -1.0], [0.0, 0.0, 0.0], [-40.0, 3.0, 40.0]])


def softmax(logits):
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("value", [0.5, 1.0, 3.0])
def test_divides_the_logits(value):
    found = Temperature(value)(softmax(LOGITS[:2]))
    np.testing.assert_allclose(found, softmax(LOGITS[:2] / value), rtol=1e-5)


def test_an_impossible_class_stays_finite():
    found = np.asarray(Temperature(2.0)(np.array([[0.0, 1.0]])))
    np.testing.assert_allclose(found, [[1e-6, 1.0]], rtol=1e-3)


def test_goes_through_a_file(tmp_path):
    inputs = keras.Input((3,))
    model = keras.Model(inputs, Temperature(1.7)(inputs))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    probabilities = softmax(LOGITS).astype("float32")
    np.testing.assert_array_equal(again(probabilities), model(probabilities))


@pytest.mark.parametrize("value", [0, -1.0, float("nan")])
def test_value_out_of_range(value):
    with pytest.raises(ValueError, match="`value` must be positive"):
        Temperature(value)

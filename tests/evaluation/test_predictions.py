import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.evaluation.predictions import predictions

ROWS = np.array([[0.7, 0.3], [0.2, 0.8], [0.5, 0.5]])


@pytest.mark.parametrize("count", [0, 1, 3])
def test_gives_probabilities_and_labels_in_order(echo, count):
    batches = [(ROWS[at : at + 1], np.array([at % 2])) for at in range(count)]
    outputs, labels = predictions(echo(2), batches, {"": lambda inputs: inputs})
    np.testing.assert_allclose(outputs[""], ROWS[:count], rtol=1e-6)
    np.testing.assert_array_equal(labels, np.arange(count) % 2)


def test_scores_every_view_in_one_pass(echo):
    passes = []

    def batches():
        passes.append(1)
        yield ROWS, np.array([0, 1, 0])

    views = {"as": lambda inputs: inputs, "turned": lambda inputs: inputs[:, ::-1]}
    outputs, _ = predictions(echo(2), batches(), views)
    np.testing.assert_allclose(outputs["turned"], ROWS[:, ::-1], rtol=1e-6)
    assert len(passes) == 1


def test_takes_tf_data_with_sample_weights(echo):
    dataset = tf.data.Dataset.from_tensor_slices((ROWS, [0, 1, 0], [1.0, 2.0, 3.0])).batch(2)
    outputs, labels = predictions(echo(2), dataset, {"": lambda inputs: inputs})
    np.testing.assert_allclose(outputs[""], ROWS, rtol=1e-6)
    assert labels.tolist() == [0, 1, 0]


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_names_the_batch_that_is_not_finite(echo, broken):
    batches = [(ROWS, np.array([0, 1, 0])), (np.array([[broken, 0.5]]), np.array([0]))]
    with pytest.raises(ValueError, match=r"finite.*batch 1"):
        predictions(echo(2), batches, {"": lambda inputs: inputs})


@pytest.mark.parametrize("labels", [[0, 1, 2], [0, -1, 0], [[1, 0], [0, 1], [1, 0]]])
def test_refuses_labels_that_are_no_class_numbers(echo, labels):
    with pytest.raises(ValueError, match=r"class numbers.*from 0 to 1.*Received"):
        predictions(echo(2), [(ROWS, np.array(labels))], {"": lambda inputs: inputs})


def test_steps_of_sequences_count_where_they_have_a_weight():
    inputs = keras.Input((None, 2))
    echo = keras.Model(inputs, keras.layers.Identity()(inputs))
    sequences = np.stack([ROWS, ROWS[::-1]])  # (2, 3, 2)
    weights = np.array([[1.0, 1.0, 1.0], [2.0, 0.0, 0.0]])
    batches = [(sequences, np.array([[0, 1, 0], [1, 0, 0]]), weights)]
    outputs, labels = predictions(echo, batches, {"": lambda inputs: inputs})
    np.testing.assert_allclose(outputs[""], ROWS[[0, 1, 2, 2]], rtol=1e-6)
    assert labels.tolist() == [0, 1, 0, 1]

"""A training of a few milliseconds that is the same each time."""

import keras
import numpy as np
import pytest
import tensorflow as tf


@pytest.fixture
def make():
    """Makes a small compiled model with fixed first weights, and its batches."""

    def small(learning_rate=0.05):
        keras.utils.set_random_seed(0)
        layers = [
            keras.Input((4,)),
            keras.layers.Dense(8, "tanh"),
            keras.layers.Dense(2, "softmax"),
        ]
        model = keras.Sequential(layers)
        model.compile(
            optimizer=keras.optimizers.Adam(learning_rate),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
            run_eagerly=True,
        )
        return model

    return small


@pytest.fixture
def batches():
    """Batches of eight, always in the same order; three of them."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(24, 4)).astype("float32")
    return tf.data.Dataset.from_tensor_slices((x, (x[:, 0] > 0).astype("int32"))).batch(8)


@pytest.fixture
def broken_batches():
    """As `batches`, but for one NaN in the second batch."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(24, 4)).astype("float32")
    y = (x[:, 0] > 0).astype("int32")
    x[11, 2] = np.nan
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(8)

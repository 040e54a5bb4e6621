"""Small models whose every answer is known by hand."""

import keras
import numpy as np
import pytest


@pytest.fixture(scope="session")
def echo():
    """Makes a model that gives back its input `(B, K)`, so that a test writes the probabilities."""

    def make(classes):
        inputs = keras.Input((classes,))
        return keras.Model(inputs, keras.layers.Identity(name="probabilities")(inputs))

    return make


@pytest.fixture(scope="session")
def two_bits():
    """A model of two modalities, each -1 or +1: class 2a + v. What is absent counts as -1."""
    inputs = {}
    for name in ("audio", "video"):
        inputs[name] = keras.Input((1, 1), name=name)
        inputs[f"{name}_mask"] = keras.Input((1,), dtype="bool", name=f"{name}_mask")
    heard, seen = (
        keras.ops.where(inputs[f"{name}_mask"], inputs[name][..., 0], -1.0)
        for name in ("audio", "video")
    )
    bits = keras.layers.Concatenate()([heard, seen])  # (B, 2)
    head = keras.layers.Dense(4, "softmax", use_bias=False, name="probabilities")
    model = keras.Model(inputs, head(bits))
    head.set_weights([np.array([[-1, -1, 1, 1], [-1, 1, -1, 1]], "float32")])
    return model


@pytest.fixture
def balanced():
    """Batches of 24 clips, six of each class of `two_bits`, in groups of four."""
    labels = np.tile(np.arange(4), 6)
    inputs = {
        "audio": (2.0 * (labels // 2) - 1).reshape(-1, 1, 1),
        "video": (2.0 * (labels % 2) - 1).reshape(-1, 1, 1),
        "audio_mask": np.ones((24, 1), bool),
        "video_mask": np.ones((24, 1), bool),
    }
    cuts = [slice(0, 10), slice(10, 20), slice(20, 24)]
    return [({name: x[cut] for name, x in inputs.items()}, labels[cut]) for cut in cuts]

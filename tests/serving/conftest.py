"""A small Preprocessor and classifier over all three modalities, and their export."""

import shutil

import keras
import numpy as np
import pytest

from mmfusion.data.preprocessor import preprocessor
from mmfusion.serving.export import export
from mmfusion.specs import ClipSpec

CLASSES = ["fight", "normal", "other"]


def classifier(spec):
    """Reads every input of `spec`; what a mask calls absent is multiplied by zero."""
    inputs, features = {}, []
    for name, shape in spec.ready_shapes.items():
        dtype = "int32" if name == "text" else "float32"
        inputs[name] = keras.Input(shape, dtype=dtype, name=name)
        inputs[f"{name}_mask"] = keras.Input((spec.steps,), dtype="bool", name=f"{name}_mask")
        embed = keras.layers.Embedding(10, 4)
        content = embed(inputs[name]) if name == "text" else inputs[name]
        flat = keras.layers.Reshape((spec.steps, -1))(content)
        here = keras.ops.cast(inputs[f"{name}_mask"], "float32")[..., None]
        features.append(keras.layers.Dense(4)(flat) * here)
    joined = keras.layers.Flatten()(keras.ops.concatenate(features, axis=-1))
    head = keras.layers.Dense(len(CLASSES), "softmax", name="probabilities")
    return keras.Model(inputs, head(joined))


@pytest.fixture(scope="session")
def spec():
    return ClipSpec(seconds=1.0, steps=4, size_px=16, sample_rate_hz=8000, mel_bins=8, tokens=3)


@pytest.fixture(scope="session")
def make_parts():
    """Makes the Preprocessor and the classifier of a spec."""

    def make(spec):
        keras.utils.set_random_seed(0)
        return preprocessor(spec, vocabulary=["hello", "world"]), classifier(spec)

    return make


@pytest.fixture(scope="session")
def parts(make_parts, spec):
    """The Preprocessor and the classifier of all three modalities."""
    return make_parts(spec)


@pytest.fixture(scope="session")
def exported(parts, spec, tmp_path_factory):
    """A folder of versions with one version."""
    folder = tmp_path_factory.mktemp("saved_models") / "fights"
    export(folder, *parts, classes=CLASSES, spec=spec)
    return folder


@pytest.fixture
def aligned(spec):
    """Makes an aligned batch of some clips with all modalities there in every step."""

    def make(count):
        rng = np.random.default_rng(count)
        shape = (count, spec.steps)
        batch = {
            "audio": rng.uniform(-1, 1, (*shape, spec.samples)).astype("float32"),
            "text": rng.choice(["hello", "hello world", "others"], shape).astype(object),
            "video": rng.integers(256, size=(*shape, spec.size_px, spec.size_px, 3)).astype(
                "uint8"
            ),
        }
        return batch | {f"{name}_mask": np.ones(shape, bool) for name in batch}

    return make


@pytest.fixture
def copied(exported, tmp_path):
    """A version folder that a test may spoil."""
    return shutil.copytree(exported / "1", tmp_path / "fights" / "1")

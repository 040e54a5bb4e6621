"""Clips to the probabilities of classes."""

import keras
import numpy as np
import pytest

from mmfusion.branches.mlp import mlp
from mmfusion.fusion.concat import ConcatFusion
from mmfusion.fusion.temporal import TemporalFusion
from mmfusion.models.classifier import classifier
from mmfusion.specs import ClipSpec

SPEC = ClipSpec(
    seconds=0.2, steps=3, size_px=16, sample_rate_hz=8_000, mel_bins=8, tokens=4, vocabulary_size=20
)


def batch(spec, clips=2):
    rng = np.random.default_rng(0)
    values = {}
    for name, shape in spec.ready_shapes.items():
        if name == "text":
            values[name] = rng.integers(2, spec.vocabulary_size, (clips, *shape), dtype="int32")
        else:
            values[name] = rng.normal(size=(clips, *shape)).astype("float32")
        values[f"{name}_mask"] = np.ones((clips, shape[0]), bool)
    return values


@pytest.mark.parametrize(
    "modalities", [("audio",), ("text",), ("video",), ("audio", "text", "video")]
)
def test_gives_probabilities_whatever_the_modalities(modalities):
    spec = ClipSpec(**{**SPEC.to_dict(), "modalities": modalities})
    model = classifier(spec, classes=3, units=8)
    outputs = model.predict(batch(spec), verbose=0)
    assert outputs.shape == (2, 3)
    assert outputs.dtype == np.float32
    np.testing.assert_allclose(outputs.sum(axis=1), 1, rtol=1e-6)
    assert model.layers[-1].name == "probabilities"


@pytest.mark.parametrize("fusion", [ConcatFusion(), TemporalFusion(8)])
def test_takes_fusions_with_and_without_steps(fusion):
    assert classifier(SPEC, classes=2, fusion=fusion, units=8).output_shape == (None, 2)


def test_takes_corpora_of_features_of_any_names():
    shapes = {"skeleton": (None, 6), "inertial": (None, 4), "depth": (2, 8, 8, 1)}
    model = classifier(shapes, classes=2, units=8)
    values = {"skeleton": np.ones((1, 5, 6)), "inertial": np.ones((1, 7, 4))}
    values["depth"] = np.ones((1, 2, 8, 8, 1))
    values |= {f"{name}_mask": np.ones(value.shape[:2], bool) for name, value in values.items()}
    assert model.predict(values, verbose=0).shape == (1, 2)


def test_branches_are_exchangeable():
    shapes = {"audio": (4, 6), "text": (4, 5)}
    inputs = keras.Input((4, 6)), keras.Input((4,), dtype="bool")
    own = keras.Model(list(inputs), mlp(*inputs, units=3))
    model = classifier(shapes, classes=2, fusion=ConcatFusion(), branches={"audio": own}, units=8)
    assert model.get_layer("probabilities").kernel.shape == (11, 2)


def test_layer_names_are_deterministic():
    first, second = (classifier(SPEC, classes=2, units=8) for _ in range(2))
    names = [layer.name for layer in first.layers]
    assert names == [layer.name for layer in second.layers]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_keeps_probabilities_and_words_whole(policy):
    keras.config.set_dtype_policy(policy)
    try:
        model = classifier(SPEC, classes=2, units=8)
    finally:
        keras.config.set_dtype_policy("float32")
    assert model.input["text"].dtype == "int32"
    outputs = model.predict(batch(SPEC), verbose=0)
    assert outputs.dtype == np.float32
    assert np.isfinite(outputs).all()


def test_saves_and_loads(tmp_path):
    model = classifier(SPEC, classes=2, units=8)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    values = batch(SPEC)
    np.testing.assert_array_equal(
        model.predict(values, verbose=0), again.predict(values, verbose=0)
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"classes": 1}, "`classes` must be at least 2. Received: classes=1"),
        ({"classes": 2, "branches": {"smell": mlp}}, "`branches` must name some of"),
    ],
)
def test_tells_what_it_expected(arguments, message):
    with pytest.raises(ValueError, match=message):
        classifier(SPEC, **arguments)

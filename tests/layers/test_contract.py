"""The contract of every layer, run over a literal table of them all."""

import dataclasses
import functools
import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion import fusion, layers

CLIPS, STEPS = 2, 5


@dataclasses.dataclass(frozen=True)
class Kind:
    """A tensor that a layer is called with: its shape without the clips; None are steps."""

    shape: tuple
    dtype: str = "float32"


MASK, STEP = Kind((None,), "bool"), Kind((None, 4))
PAIR = {"audio": STEP, "video": Kind((None, 2))}, {"audio": MASK, "video": MASK}


def backbone():
    """States of words as keras-hub's models return them, in small."""
    ids, there = (keras.Input((None,), dtype="int32", name=name) for name in WORDS)
    states = keras.layers.Embedding(20, 6)(ids) + there[..., None]
    return keras.Model({"token_ids": ids, "padding_mask": there}, states)


def colours():
    """An image network that returns the mean of each channel."""
    images = keras.Input((4, 6, 3))
    return keras.Model(images, keras.layers.GlobalAveragePooling2D()(images))


def lstm():
    return keras.layers.RNN(keras.layers.LSTMCell(3), return_sequences=True)


WORDS = ("token_ids", "padding_mask")
LAYERS = {  # how it is made, and what it is called with
    "DeltaFeatures": (lambda **kw: layers.DeltaFeatures(2.0, **kw), (STEP, MASK)),
    "DividedBlock": (
        lambda **kw: layers.DividedBlock(2, **kw),
        (Kind((None, 3, 4)), MASK),
    ),
    "FeatureScaling": (
        lambda **kw: layers.FeatureScaling([1e5, 0, 1, 2], [1e6, 1, 2, 1e-3], **kw),
        (STEP, MASK),
    ),
    "FrameScaling": (layers.FrameScaling, (Kind((None, 4, 6, 3), "uint8"), MASK)),
    "FrameTower": (
        lambda **kw: layers.FrameTower(colours(), **kw),
        (Kind((None, 4, 6, 3), "uint8"), MASK),
    ),
    "GammaCorrection": (layers.GammaCorrection, (Kind((None, 4, 6, 3), "uint8"), MASK)),
    "GlobalContext": (layers.GlobalContext, (STEP, MASK)),
    "GroupContext": (
        layers.GroupContext,
        (Kind((4,)), Kind((), "int32"), Kind((), "bool")),
    ),
    "LearnedShift": (lambda **kw: layers.LearnedShift(1, **kw), (STEP, MASK)),
    "LogMel": (
        lambda **kw: layers.LogMel(8000, 6, 2, **kw),
        (Kind((None, 400)), MASK),
    ),
    "MFCC": (
        lambda **kw: layers.MFCC(8000, coefficients=3, bands=6, **kw),
        (Kind((None,)),),
    ),
    "MaskedAveragePooling": (layers.MaskedAveragePooling, (STEP, PAIR[1])),
    "MaskedRNN": (lambda **kw: layers.MaskedRNN(lstm(), **kw), (STEP, MASK)),
    "ModalityTokens": (lambda **kw: layers.ModalityTokens(4, **kw), PAIR),
    "ModalityVectors": (lambda **kw: layers.ModalityVectors(4, "tanh", **kw), PAIR),
    "MotionStatistics": (
        lambda **kw: layers.MotionStatistics(8, 3, **kw),
        (Kind((None, 16, 16, 4)), MASK),
    ),
    "PerStep": (lambda **kw: layers.PerStep(keras.layers.Dense(3), **kw), (STEP, MASK)),
    "PerStepFusion": (
        lambda **kw: layers.PerStepFusion(fusion.GatedFusion(4), **kw),
        PAIR,
    ),
    "PreEmphasis": (layers.PreEmphasis, (Kind((None, 7)), MASK)),
    "Temperature": (lambda **kw: layers.Temperature(2.0, **kw), (Kind((4,)),)),
    "TemporalConv": (
        lambda **kw: layers.TemporalConv(3, 2, normalise=True, **kw),
        (STEP, MASK),
    ),
    "TemporalPyramidPooling": (
        lambda **kw: layers.TemporalPyramidPooling(2, **kw),
        (STEP, MASK),
    ),
    "Tokens": (
        lambda **kw: layers.Tokens(["fire", "help"], 3, **kw),
        (Kind((None,), "string"), MASK),
    ),
    "TransformerBlock": (
        lambda **kw: layers.TransformerBlock(2, **kw),
        (STEP, STEP, MASK),
    ),
    "WordBackbone": (
        lambda **kw: layers.WordBackbone(backbone(), **kw),
        (Kind((5,), "int32"),),
    ),
}
OF_KERAS_HUB = {"SentenceVectors", "WordPieceTokenizer"}  # in text/test_bert.py
NOT_XLA = {"Tokens"}  # strings
POLICIES = {  # the type that comes out, and how far it may be from single precision
    "mixed_float16": ("float16", 0.02),
    "mixed_bfloat16": ("bfloat16", 0.1),
    "float64": ("float64", 1e-4),
}


@pytest.fixture(params=sorted(LAYERS))
def name(request):
    return request.param


@functools.cache
def make(name, policy="float32"):
    """The layer alone as a model of clips of any number and length; traced only once."""
    keras.utils.set_random_seed(0)
    build, wanted = LAYERS[name]
    inputs = keras.tree.map_structure(
        lambda kind: keras.Input(kind.shape, dtype=kind.dtype), wanted
    )
    keras.config.set_dtype_policy(policy)
    try:
        return keras.Model(inputs, outputs_of(build(name=name), inputs))
    finally:
        keras.config.set_dtype_policy("float32")


def outputs_of(layer, values):
    outputs = layer(*values)
    return outputs if isinstance(outputs, dict) else keras.tree.flatten(outputs)


def values_of(name, clips=CLIPS, steps=STEPS):
    rng = np.random.default_rng(0)

    def draw(kind):
        size = (clips, *(steps if axis is None else axis for axis in kind.shape))
        if name == "MFCC":
            size = (clips, 200 * steps)
        if kind.dtype == "bool":
            return np.arange(np.prod(size)).reshape(size) % 5 != 1
        if kind.dtype == "string":
            return rng.choice(["fire", "Help, fire!", "no"], size).astype(object)
        if kind.dtype == "float32":
            values = rng.normal(size=size).astype("float32")
            return np.abs(values) / 9 if name == "Temperature" else values
        return rng.integers(0, 3 if kind.dtype == "int32" else 255, size).astype(kind.dtype)

    return keras.tree.map_structure(draw, LAYERS[name][1])


def array(tensor):
    return tensor if tensor.dtype == tf.string else keras.ops.convert_to_numpy(tensor)


def is_float(tensor):
    return keras.backend.is_float_dtype(keras.backend.standardize_dtype(tensor.dtype))


def call(model, values):
    values = keras.tree.map_structure(tf.convert_to_tensor, values)
    return keras.tree.flatten(model(values))


def test_every_public_layer_is_in_the_table():
    public = {name for name in layers.__all__ if inspect.isclass(getattr(layers, name))}
    assert public == set(LAYERS) | OF_KERAS_HUB


def test_any_number_of_clips_and_steps(name):
    model = make(name)
    for clips, steps in ((CLIPS, STEPS), (1, 3), (3, 8)):
        values = values_of(name, clips, steps)
        fixed = outputs_of(model.get_layer(name), values)
        for one, other in zip(call(model, values), keras.tree.flatten(fixed), strict=True):
            assert one.shape[0] == clips
            np.testing.assert_allclose(array(one), array(other), rtol=1e-5, atol=1e-5)


def test_spec_is_what_comes_out(name):
    model = make(name)
    for tensor, spec in zip(
        call(model, values_of(name)), keras.tree.flatten(model.output), strict=True
    ):
        assert keras.backend.standardize_dtype(tensor.dtype) == spec.dtype
        for size, declared in zip(tensor.shape, spec.shape, strict=True):
            assert declared in (None, size)


def test_config_holds_what_init_took(name):
    layer = LAYERS[name][0]()
    config = layer.get_config()
    arguments = set(inspect.signature(type(layer).__init__).parameters) - {"self", "kwargs"}
    assert arguments <= set(config)
    again = type(layer).from_config({**config}).get_config()
    wrapped = [each.pop("layer", {}).get("class_name") for each in (config, again)]
    assert (wrapped[0], config) == (wrapped[1], again)


@pytest.mark.parametrize("policy", POLICIES)
def test_precision(name, policy):
    dtype, atol = POLICIES[policy]
    single, values = make(name), values_of(name)
    expected = call(single, values)
    model = make(name, policy)
    model.set_weights(single.get_weights())
    got = call(model, values)
    for tensor, right in zip(got, expected, strict=True):
        if is_float(right):
            assert keras.backend.standardize_dtype(tensor.dtype) == dtype
        tensor, right = (np.asarray(array(each), "float64") for each in (tensor, right))
        np.testing.assert_allclose(tensor, right, rtol=0.02, atol=atol)


def test_survives_saving(name, tmp_path):
    model, values = make(name), values_of(name)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    for one, other in zip(call(model, values), call(again, values), strict=True):
        np.testing.assert_array_equal(array(one), array(other))


def test_compiles_with_xla(name):
    if name in NOT_XLA:
        pytest.skip("XLA knows no strings")
    model, values = make(name), values_of(name)
    values = keras.tree.map_structure(tf.convert_to_tensor, values)
    compiled = tf.function(lambda values: model(values, training=False), jit_compile=True)
    for one, other in zip(keras.tree.flatten(compiled(values)), call(model, values), strict=True):
        np.testing.assert_allclose(array(one), array(other), rtol=1e-4, atol=1e-5)


def test_keras_knows_every_weight(name, reachable_weights):
    model = make(name)
    call(model, values_of(name))
    assert {weight.path for weight in reachable_weights(model)} == {
        weight.path for weight in model.variables
    }


def test_one_step_of_fit_changes_every_weight(name, unchanged_by_fit):
    model = make(name)
    if not model.trainable_weights:
        pytest.skip("nothing is learned")
    assert unchanged_by_fit(model, values_of(name)) == []

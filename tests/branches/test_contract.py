"""The contract of every branch, run over a literal table of them all."""

import functools
import importlib
import inspect
import pkgutil

import keras
import numpy as np
import pytest
import tensorflow as tf

import mmfusion.branches as room
from mmfusion.branches import (
    bert,
    conv2d,
    conv2plus1d,
    conv3d,
    conv_lstm,
    conv_maps,
    crnn,
    gru,
    image_backbone,
    lip_reading,
    lstm,
    mel_cnn,
    mlp,
    motion,
    motion_maps,
    sequential_cnn,
    simple_rnn,
    tcn,
    transformer,
    two_stream,
    word_lstm,
)

FRAMES, SPECTRUM, WORDS, FEATURES = (8, 8, 4), (6, 8), (5,), (3,)
BACKBONE = keras.Sequential(
    [
        keras.Input((8, 8, 3)),
        keras.layers.Conv2D(2, 3),
        keras.layers.BatchNormalization(),
        keras.layers.GlobalAveragePooling2D(),
    ]
)


def word_states():
    """A transformer of words as keras-hub makes them, in small."""
    names = ("token_ids", "padding_mask", "segment_ids")
    inputs = {name: keras.Input((None,), dtype="int32", name=name) for name in names}
    states = keras.layers.Embedding(20, 6)(inputs["token_ids"])
    states += keras.layers.Embedding(2, 6)(inputs["segment_ids"])
    states = keras.layers.Dense(6, "tanh")(states)
    return keras.Model(inputs, {"sequence_output": states, "pooled_output": states[:, 0]})


BRANCHES = {
    "bert": (functools.partial(bert, backbone=word_states(), trainable=True), WORDS),
    "conv2d": (functools.partial(conv2d, filters=(2, 4)), FRAMES),
    "conv2plus1d": (functools.partial(conv2plus1d, filters=(2, 4)), FRAMES),
    "conv3d": (functools.partial(conv3d, filters=(2, 4)), FRAMES),
    "conv_lstm": (functools.partial(conv_lstm, dilations=(1, 2)), SPECTRUM),
    "conv_maps": (functools.partial(conv_maps, filters=(2,)), FRAMES),
    "crnn": (functools.partial(crnn, dilations=(1, 2)), SPECTRUM),
    "gru": (gru, FEATURES),
    "gru_bidirectional": (functools.partial(gru, bidirectional=True), FEATURES),
    "lip_reading": (functools.partial(lip_reading, filters=(2, 2), dropout=0.0), FRAMES),
    "lstm": (lstm, FEATURES),
    "lstm_bidirectional": (functools.partial(lstm, bidirectional=True), FEATURES),
    "mel_cnn": (functools.partial(mel_cnn, filters=(2, 3, 4, 4), dropout=0.0), SPECTRUM),
    "mlp": (functools.partial(mlp, hidden=(5,)), FEATURES),
    "motion": (functools.partial(motion, kernel_size=3, blocks=2), FEATURES),
    "motion_maps": (functools.partial(motion_maps, grid=(3, 4), dropout=0.0), FRAMES),
    "image_backbone": (
        functools.partial(image_backbone, backbone=BACKBONE, trainable=True),
        FRAMES,
    ),
    "sequential_cnn": (functools.partial(sequential_cnn, filters=(2,), hidden=5), FRAMES),
    "simple_rnn": (simple_rnn, FEATURES),
    "tcn": (functools.partial(tcn, blocks=2), FEATURES),
    "transformer": (functools.partial(transformer, heads=2, blocks=1), FEATURES),
    "two_stream": (
        functools.partial(two_stream, filters=(2, 4), branch_dropout=0.0),
        FRAMES,
    ),
    "word_lstm": (functools.partial(word_lstm, vocabulary_size=20), WORDS),
}
UNITS, STEPS = 4, 5


@pytest.fixture(params=sorted(BRANCHES))
def name(request):
    return request.param


@pytest.fixture
def model(name):
    return make(name)


@pytest.fixture
def clip(name):
    return batch(name)


@functools.cache
def make(name, policy="float32"):
    """A branch alone as a model of clips of any length; traced only once."""
    keras.utils.set_random_seed(0)
    branch, inputs = BRANCHES[name][0], inputs_of(name, called="x")
    keras.config.set_dtype_policy(policy)
    try:
        return keras.Model(inputs, branch(*inputs.values(), units=UNITS)[0])
    finally:
        keras.config.set_dtype_policy("float32")


def inputs_of(name, *, called):
    shape = BRANCHES[name][1]
    dtype = "int32" if shape == WORDS else "float32"
    return {
        called: keras.Input((None, *shape), dtype=dtype, name=called),
        f"{called}_mask": keras.Input((None,), dtype="bool", name=f"{called}_mask"),
    }


@pytest.fixture(scope="module")
def together():
    """All branches in one model: saved, exported and compiled only once."""
    keras.utils.set_random_seed(0)
    inputs, outputs = {}, {}
    for name, (branch, _) in BRANCHES.items():
        own = inputs_of(name, called=name)
        inputs |= own
        outputs[name] = branch(*own.values(), units=UNITS)[0]
    return keras.Model(inputs, outputs)


@pytest.fixture(scope="module")
def values():
    values = {}
    for name in BRANCHES:
        clip = batch(name)
        clip["x_mask"][0, 2:] = False
        values |= {name: clip["x"], f"{name}_mask": clip["x_mask"]}
    return values


@pytest.fixture(scope="module")
def predicted(together, values):
    return together.predict(values, verbose=0)


def batch(name, clips=2, steps=STEPS):
    rng = np.random.default_rng(0)
    shape = (clips, steps, *BRANCHES[name][1])
    values = rng.normal(size=shape).astype("float32")
    if BRANCHES[name][1] == WORDS:
        values = rng.integers(1, 20, shape, dtype="int32")
        values[..., 3:] = 0
    return {"x": values, "x_mask": np.ones((clips, steps), bool)}


def garbage_for(values):
    return (10**6, -7) if values.dtype == np.int32 else (1e6, -np.inf, np.nan)


def array(tensor):
    return keras.ops.convert_to_numpy(keras.ops.cast(tensor, "float32"))


def test_every_public_branch_is_in_the_table():
    public = set()
    for file in pkgutil.iter_modules(room.__path__):
        module = importlib.import_module(f"{room.__name__}.{file.name}")
        public |= {
            value
            for key, value in vars(module).items()
            if inspect.isfunction(value)
            and not key.startswith("_")
            and value.__module__ == module.__name__
        }
    assert public == {getattr(branch, "func", branch) for branch, _ in BRANCHES.values()}
    assert {branch.__name__ for branch in public} == set(room.__all__)


def test_gives_features_for_each_step(model, clip):
    shape = model(clip).shape
    assert (*shape[:2], shape[-1]) == (2, STEPS, UNITS)


def test_layers_are_named_after_the_modality(model):
    names = [layer.name for layer in model.layers]
    assert all(name.startswith("x") for name in names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("valid", [[], [0, 1, 2], [1, 3]])
def test_absent_steps_are_zero_and_never_read(model, clip, valid):
    clip["x_mask"][:] = np.isin(np.arange(STEPS), valid)
    before = array(model(clip))
    assert not before[~clip["x_mask"]].any()
    for garbage in garbage_for(clip["x"]):
        clip["x"][~clip["x_mask"]] = garbage
        np.testing.assert_array_equal(before, array(model(clip)))


def test_padding_changes_nothing(name, model):
    clip = batch(name, steps=STEPS + 4)
    clip["x_mask"][:, STEPS:] = False
    whole = {key: value[:, :STEPS] for key, value in clip.items()}
    np.testing.assert_allclose(array(model(clip))[:, :STEPS], array(model(whole)), atol=1e-6)


@pytest.mark.parametrize("present", [0, STEPS - 2])
def test_gradients_do_not_see_garbage(model, clip, present):
    clip["x_mask"][:, present:] = False
    clip["x"][:, present:] = garbage_for(clip["x"])[-1]
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(clip) ** 2)
    for gradient in tape.gradient(loss, model.trainable_weights, unconnected_gradients="zero"):
        assert np.isfinite(array(gradient)).all()


def test_batch_of_one(model, clip):
    one = {key: value[:1] for key, value in clip.items()}
    np.testing.assert_allclose(array(model(one)), array(model(clip))[:1], atol=1e-6)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision(name, model, clip, policy):
    half = make(name, policy)(clip)
    assert keras.backend.standardize_dtype(half.dtype) == policy.removeprefix("mixed_")
    np.testing.assert_allclose(array(half), array(model(clip)), atol=0.05)


def test_survives_saving(together, values, predicted, tmp_path):
    together.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    again = again.predict(values, verbose=0)
    for name, expected in predicted.items():
        np.testing.assert_array_equal(again[name], expected, err_msg=name)


def test_export_equals_predict(together, values, predicted, tmp_path):
    together.export(tmp_path / "model", verbose=False)
    served = tf.saved_model.load(tmp_path / "model")
    for name, output in served.serve(values).items():
        np.testing.assert_allclose(output, predicted[name], atol=1e-6, err_msg=name)


def test_compiles_with_xla(together, values, predicted):
    compiled = tf.function(lambda batch: together(batch, training=False), jit_compile=True)
    for name, output in compiled(values).items():
        np.testing.assert_allclose(output, predicted[name], atol=1e-5, err_msg=name)


def test_keras_knows_every_weight(model, reachable_weights):
    assert {weight.path for weight in reachable_weights(model)} == {
        weight.path for weight in model.variables
    }


def test_one_step_of_fit_changes_every_weight(model, clip, unchanged_by_fit):
    assert unchanged_by_fit(model, clip) == []

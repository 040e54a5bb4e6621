"""The contract of every fusion, run over a literal table of them all."""

import importlib
import inspect
import pkgutil

import keras
import numpy as np
import pytest
import tensorflow as tf

import mmfusion.fusion as room
from mmfusion.fusion import (
    BottleneckFusion,
    ConcatFusion,
    CrossAttentionFusion,
    DecisionFusion,
    FeatureFusion,
    FiLMFusion,
    GatedFusion,
    LowRankFusion,
    ModalityAttentionFusion,
    MulTFusion,
    SelfAttentionFusion,
    SpatialFusion,
    TemporalFusion,
    TensorFusion,
)

FUSIONS = {
    "bottleneck": (BottleneckFusion, {"units": 4, "tokens": 2, "heads": 2}),
    "concat": (ConcatFusion, {}),
    "cross_attention": (CrossAttentionFusion, {"units": 4, "heads": 2}),
    "decision": (DecisionFusion, {"units": 4}),
    "decision_learned": (DecisionFusion, {"units": 4, "activation": "tanh", "learned": True}),
    "feature": (FeatureFusion, {"units": 4}),
    "film": (FiLMFusion, {"units": 4}),
    "gated": (GatedFusion, {"units": 4}),
    "low_rank": (LowRankFusion, {"units": 4, "rank": 2}),
    "modality_attention": (ModalityAttentionFusion, {"units": 4}),
    "mult": (MulTFusion, {"units": 4, "heads": 2}),
    "self_attention": (SelfAttentionFusion, {"units": 4, "heads": 2, "blocks": 2}),
    "spatial": (SpatialFusion, {"units": 4}),
    "temporal": (TemporalFusion, {"units": 4}),
    "temporal_shifted": (TemporalFusion, {"units": 4, "max_offset": 1}),
    "tensor": (TensorFusion, {"units": 4, "width": 2}),
}
SHAPES = {"audio": (8,), "text": (2,), "video": (4,)}
MAPS = {"audio": (8,), "text": (2, 2, 2), "video": (4, 3, 4)}
PAIR = ("text", "video")
STEPS = 5


@pytest.fixture(params=sorted(FUSIONS))
def name(request):
    return request.param


@pytest.fixture
def fusion(name):
    return make(name)


@pytest.fixture
def clip(name):
    return batch(shapes_of(name))


def make(name, /, **kwargs):
    keras.utils.set_random_seed(0)
    fusion, arguments = FUSIONS[name]
    return fusion(**arguments, **kwargs)


def shapes_of(name):
    return MAPS if name == "spatial" else SHAPES


def batch(shapes, clips=2, steps=STEPS):
    rng = np.random.default_rng(0)
    features = {
        modality: rng.normal(size=(clips, steps, *shape)).astype("float32")
        for modality, shape in shapes.items()
    }
    return features, {modality: np.ones((clips, steps), bool) for modality in shapes}


def array(tensor):
    return keras.ops.convert_to_numpy(keras.ops.cast(tensor, "float32"))


@pytest.fixture(scope="module")
def model():
    """All fusions of two modalities in one model of clips of any length: traced only once."""
    inputs, outputs = {}, {}
    for modality in PAIR:
        inputs[f"{modality}_mask"] = keras.Input((None,), dtype="bool", name=f"{modality}_mask")
        for kind, shapes in (("", SHAPES), ("_map", MAPS)):
            key = modality + kind
            inputs[key] = keras.Input((None, *shapes[modality]), name=key)
    for name in FUSIONS:
        kind = "_map" if shapes_of(name) is MAPS else ""
        features = {modality: inputs[modality + kind] for modality in PAIR}
        masks = {modality: inputs[f"{modality}_mask"] for modality in PAIR}
        outputs[name] = make(name, name=name)(features, masks)
    return keras.Model(inputs, outputs)


@pytest.fixture(scope="module")
def values():
    (vectors, masks), (maps, _) = batch(SHAPES), batch(MAPS)
    masks["text"][0] = False  # absent
    masks["text"][1, 3:] = False  # padding
    masks["video"][1, 1] = False  # a hole
    values = {}
    for name in PAIR:
        values |= {name: vectors[name], f"{name}_map": maps[name], f"{name}_mask": masks[name]}
    return values


@pytest.fixture(scope="module")
def predicted(model, values):
    return model.predict(values, verbose=0)


def test_every_public_fusion_is_in_the_table():
    public = set()
    for file in pkgutil.iter_modules(room.__path__):
        module = importlib.import_module(f"{room.__name__}.{file.name}")
        public |= {
            value
            for key, value in vars(module).items()
            if key.endswith("Fusion") and value.__module__ == module.__name__
        }
    assert public == {fusion for fusion, _ in FUSIONS.values()}
    assert {fusion.__name__ for fusion in public} == set(room.__all__)


@pytest.mark.parametrize("modality", ["audio", "video"])
def test_absent_modality_is_never_read(fusion, clip, modality):
    features, masks = clip
    masks[modality][:] = False
    before = array(fusion(features, masks))
    for garbage in (1e6, -np.inf, np.nan):
        features[modality][:] = garbage
        np.testing.assert_array_equal(before, array(fusion(features, masks)))


def test_padding_is_never_read(fusion, clip):
    features, masks = clip
    masks["text"][:, 3:] = False
    before = array(fusion(features, masks))
    for garbage in (1e6, -np.inf, np.nan):
        features["text"][:, 3:] = garbage
        np.testing.assert_array_equal(before, array(fusion(features, masks)))


def test_padding_changes_nothing(name, fusion):
    features, masks = batch(shapes_of(name), steps=STEPS + 4)
    for modality in SHAPES:
        masks[modality][:, STEPS:] = False
    padded = array(fusion(features, masks))
    features, masks = (
        {modality: value[:, :STEPS] for modality, value in values.items()}
        for values in (features, masks)
    )
    whole = array(fusion(features, masks))
    padded = padded[:, :STEPS] if padded.ndim == 3 else padded
    np.testing.assert_allclose(padded, whole, atol=1e-5)


@pytest.mark.parametrize("garbage", [0, np.nan])
def test_nothing_present_is_finite(fusion, clip, garbage):
    features, masks = clip
    features = {modality: value + np.float32(garbage) for modality, value in features.items()}
    masks = {modality: mask & False for modality, mask in masks.items()}
    with tf.GradientTape() as tape:
        outputs = fusion(features, masks)
        loss = tf.reduce_sum(outputs**2)
    assert np.isfinite(array(outputs)).all()
    for gradient in tape.gradient(loss, fusion.trainable_weights, unconnected_gradients="zero"):
        assert np.isfinite(array(gradient)).all()


def test_gradients_do_not_see_garbage(fusion, clip):
    features, masks = clip
    features["video"][0] = np.nan
    masks["video"][0] = False
    features = {modality: tf.constant(value) for modality, value in features.items()}
    with tf.GradientTape() as tape:
        tape.watch(features)
        loss = tf.reduce_sum(fusion(features, masks) ** 2)
    for gradient in tape.gradient(loss, [*fusion.trainable_weights, *features.values()]):
        assert np.isfinite(array(gradient)).all()


def test_order_of_names_is_irrelevant(fusion, clip):
    features, masks = clip
    turned = fusion(dict(reversed(features.items())), dict(reversed(masks.items())))
    np.testing.assert_array_equal(array(fusion(features, masks)), array(turned))


@pytest.mark.parametrize(
    "modalities", ["x", "xy", "vwxyz", ["深度", "heart rate"], ["x/y", "_", "a-b.c"]]
)
def test_any_number_of_modalities_of_any_name(fusion, modalities):
    features, masks = batch(dict.fromkeys(modalities, (3,)))
    in_graph = tf.function(lambda: fusion(features, masks))  # where layers open name scopes
    assert np.isfinite(array(in_graph())).all()


def test_batch_of_one(fusion, clip):
    features, masks = clip
    both = array(fusion(features, masks))
    features, masks = ({k: value[:1] for k, value in values.items()} for values in clip)
    np.testing.assert_allclose(array(fusion(features, masks)), both[:1], atol=1e-5)


def test_config_holds_what_init_took(fusion):
    config = fusion.get_config()
    arguments = set(inspect.signature(type(fusion).__init__).parameters) - {"self", "kwargs"}
    assert arguments <= set(config)
    assert type(fusion).from_config(config).get_config() == config


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision(name, clip, policy):
    outputs = make(name, dtype=policy)(*clip)
    assert keras.backend.standardize_dtype(outputs.dtype) == policy.removeprefix("mixed_")
    assert np.isfinite(array(outputs)).all()
    np.testing.assert_allclose(array(outputs), array(make(name)(*clip)), atol=0.15)


def test_survives_saving(model, values, predicted, tmp_path):
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    again = again.predict(values, verbose=0)
    for name, expected in predicted.items():
        np.testing.assert_array_equal(again[name], expected, err_msg=name)


def test_export_equals_predict(model, values, predicted, tmp_path):
    model.export(tmp_path / "model", verbose=False)
    served = tf.saved_model.load(tmp_path / "model")
    for name, output in served.serve(values).items():
        np.testing.assert_allclose(output, predicted[name], atol=1e-5, err_msg=name)


def test_compiles_with_xla(model, values, predicted):
    compiled = tf.function(lambda batch: model(batch, training=False), jit_compile=True)
    for name, output in compiled(values).items():
        np.testing.assert_allclose(output, predicted[name], atol=1e-5, err_msg=name)


def test_keras_knows_every_weight(model, reachable_weights):
    assert {weight.path for weight in reachable_weights(model)} == {
        weight.path for weight in model.variables
    }


def test_one_step_of_fit_changes_every_weight(model, values, unchanged_by_fit):
    twin = keras.models.clone_model(model)
    twin.set_weights(model.get_weights())
    assert unchanged_by_fit(twin, values) == []

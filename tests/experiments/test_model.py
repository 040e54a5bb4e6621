"""Branches by name, the fusion by name, and which model is built for which rows."""

import types

import keras
import numpy as np
import pytest

from mmfusion.data.preprocessor import preprocessor
from mmfusion.experiments.model import build_model, named_branches
from mmfusion.experiments.tables import BRANCHES, FEATURES, FRAMES, FUSIONS, SPECTROGRAMS
from mmfusion.options.network import Network
from mmfusion.specs import ClipSpec

SPEC = ClipSpec(seconds=0.5, steps=4, size_px=32, modalities=("audio", "video"))
SHAPES = {"features": (4, 5), "audio": (4, 16, 40), "video": (4, 32, 32, 3)}
NAMES = [
    (modality, name)
    for modality, table in (("audio", SPECTROGRAMS), ("features", FEATURES), ("video", FRAMES))
    for name in table
]


def inputs(*modalities, shapes=SHAPES):
    found = {}
    for name in modalities:
        found[name] = keras.Input(shapes[name], name=name)
        found[f"{name}_mask"] = keras.Input(shapes[name][:1], dtype="bool", name=f"{name}_mask")
    return found


def prep(*modalities, shapes=SHAPES):
    """Stands for a Preprocessor of which nothing but the outputs is read."""
    return types.SimpleNamespace(output=inputs(*modalities, shapes=shapes))


def batch(model):
    return {
        name: np.ones((2, *tensor.shape[1:]), tensor.dtype) for name, tensor in model.input.items()
    }


@pytest.mark.parametrize(("modality", "name"), NAMES)
def test_every_name_makes_a_branch_that_fits_the_rank_of_its_input(modality, name):
    network = Network(branches={modality: name}, units=4)
    branches = named_branches(inputs(modality), network)
    table = BRANCHES[len(SHAPES[modality]) + 1]
    assert branches[modality].func is table[name]
    assert branches[modality].keywords == {"units": 4}
    model = build_model(prep(modality), network, kind="recordings", classes=2, branches={})
    scores = keras.ops.convert_to_numpy(model(batch(model)))
    assert scores.shape == (2, 2)
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"audio": "conv3d"}, "`branches` of audio must be one of .*mel_cnn.*Received: 'conv3d'"),
        ({"features": "mel_cnn"}, "`branches` of features must be one of gru, .*'mel_cnn'"),
        ({"text": "lstm"}, r"must name some of \['audio', 'features'\]. Received: 'text'"),
        ({"audio_mask": "mlp"}, "must name some of .*Received: 'audio_mask'"),
    ],
)
def test_what_is_not_a_branch_is_named(names, message):
    with pytest.raises(ValueError, match=message):
        named_branches(inputs("audio", "features"), Network(branches=names))


def test_no_names_no_branches():
    assert named_branches(inputs("audio"), Network()) == {}


def test_clips_are_built_on_the_shapes_of_their_spec():
    network = Network(branches={"audio": "mel_cnn"}, units=4, fusion="concat")
    shapes = {name: SPEC.ready_shapes[name] for name in SPEC.modalities}
    outputs = prep("audio", "video", shapes=shapes)
    model = build_model(outputs, network, kind="clips", classes=3, branches={}, spec=SPEC)
    assert {"audio", "audio_mask", "video", "video_mask"} == set(model.input)
    assert model.output_shape == (None, 3)
    assert "audio_mel_cnn" in {layer.name for layer in model.layers}
    assert np.isfinite(keras.ops.convert_to_numpy(model(batch(model)))).all()


def test_the_steps_of_sequences_have_a_label_each():
    network = Network(units=4, fusion="gated")
    shapes = {"a": (None, 3), "b": (None, 2)}
    sequences = prep("a", "b", shapes=shapes)
    model = build_model(sequences, network, kind="sequences", classes=2, branches={})
    assert model.output_shape == (None, None, 2)


@pytest.mark.parametrize(
    ("network", "maps"),
    [({}, True), ({"branches": {"video": "conv2d"}}, False), ({"fusion": "gated"}, False)],
)
def test_spatial_fusion_is_given_frames_as_maps(network, maps):
    network = Network(**{"units": 4, "fusion": "spatial", **network})
    spec = ClipSpec(seconds=0.5, steps=2, size_px=32, modalities=("audio", "video"))
    ready = preprocessor(spec)
    model = build_model(ready, network, kind="clips", classes=2, branches={}, spec=spec)
    assert ("video_conv_maps" in {layer.name for layer in model.layers}) is maps
    assert model.output_shape == (None, 2)


@pytest.mark.parametrize("fusion", ["concat", "gated", "low_rank"])
def test_the_fusion_of_the_network_is_in_the_model(fusion):
    network = Network(units=4, fusion=fusion)
    shapes = {"a": (4, 3), "b": (4, 2)}
    model = build_model(
        prep("a", "b", shapes=shapes), network, kind="recordings", classes=2, branches={}
    )
    expected = type(FUSIONS[fusion](4))
    assert any(type(layer) is expected for layer in model.layers)


def test_a_branch_of_words_is_given_the_sentences_beside_them():
    given = {}

    def branch(ids, mask, sentences=None):
        given["sentences"] = sentences.shape
        return keras.layers.Dense(4)(keras.ops.cast(ids, "float32")), mask

    output = {
        "said": keras.Input((4, 3), dtype="int32", name="said"),
        "said_mask": keras.Input((4,), dtype="bool", name="said_mask"),
        "said_sentences": keras.Input((4, 8), name="said_sentences"),
    }
    network = Network(units=4)
    build_model(
        types.SimpleNamespace(output=output),
        network,
        kind="recordings",
        classes=2,
        branches={"said": branch},
    )
    assert given["sentences"] == (None, 4, 8)

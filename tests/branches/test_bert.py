"""A pretrained transformer of words, for each step."""

import keras
import numpy as np
import pytest

from mmfusion.branches.bert import bert


def backbone(named):
    names = ("token_ids", "padding_mask")
    inputs = {name: keras.Input((None,), dtype="int32", name=name) for name in names}
    states = keras.layers.Embedding(20, 6)(inputs["token_ids"])
    return keras.Model(inputs, {"sequence_output": states} if named else states)


@pytest.mark.parametrize("named", [False, True])
def test_takes_states_with_or_without_a_name(named):
    words, mask = keras.Input((2, 3), name="text"), keras.Input((2,), dtype="bool")
    features, _ = bert(words, mask, backbone=backbone(named), units=4)
    model = keras.Model([words, mask], features)
    found = np.array(model([np.array([[[3, 5, 0], [4, 0, 0]]]), np.array([[True, False]])]))
    assert found.shape == (1, 2, 4)
    assert found[0, 0].any()
    assert not found[0, 1].any()


@pytest.mark.parametrize("trainable", [False, True])
def test_the_backbone_is_frozen_unless_asked_for(trainable):
    words, mask = keras.Input((2, 3), name="text"), keras.Input((2,), dtype="bool")
    inner = backbone(True)
    bert(words, mask, backbone=inner, units=4, trainable=trainable)
    assert bool(inner.trainable_weights) is trainable


def test_a_backbone_of_keras_hub():
    hub = pytest.importorskip("keras_hub", reason="keras-hub is an optional extra")
    sizes = {"num_layers": 1, "num_heads": 2, "hidden_dim": 8, "intermediate_dim": 8}
    inner = hub.models.BertBackbone(vocabulary_size=20, **sizes, max_sequence_length=8)
    words, mask = keras.Input((2, 4), name="text"), keras.Input((2,), dtype="bool")
    features, _ = bert(words, mask, backbone=inner, units=4)
    model = keras.Model([words, mask], features)
    assert model([np.ones((1, 2, 4)), np.ones((1, 2), bool)]).shape == (1, 2, 4)

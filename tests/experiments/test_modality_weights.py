"""Modalities weighed on validation clips: what knows nothing of them counts little."""

import keras
import numpy as np
import pytest

from mmfusion.experiments.modality_weights import weigh_modalities
from mmfusion.experiments.tables import FUSIONS
from mmfusion.fusion import ConcatFusion, DecisionFusion
from mmfusion.models.classifier import classifier

CLASSES, CLIPS = 2, 40


def a_model(fusion):
    """A model whose modalities each say what their two features are."""
    as_it_is = {name: lambda inputs, mask: (inputs, mask) for name in ("audio", "video")}
    shapes = {"audio": (1, 2), "video": (1, 2)}
    return classifier(shapes, classes=CLASSES, fusion=fusion, branches=as_it_is)


def _fusion(model):
    return next(layer for layer in model.layers if isinstance(layer, DecisionFusion))


def says_its_input(model):
    projections = _fusion(model).decisions.project.values()
    for dense in (*projections, model.get_layer("probabilities")):
        dense.set_weights([np.eye(2), np.zeros(2)])


def clips(present=True):
    """Sound is sure of the wrong class of every other clip, the picture is right."""
    labels = np.arange(CLIPS) % CLASSES
    truth = 4 * np.eye(CLASSES)[labels][:, None]
    wrong = 4 * np.eye(CLASSES)[np.arange(CLIPS) // 2 % CLASSES][:, None]
    masks = {"audio_mask": np.full((CLIPS, 1), present), "video_mask": np.ones((CLIPS, 1), bool)}
    contents = {"audio": wrong * present, "video": truth}
    batch = {name: value.astype("float32") for name, value in contents.items()} | masks
    batch = {name: keras.ops.convert_to_tensor(value) for name, value in batch.items()}
    return [(batch, labels)]


def test_what_is_wrong_of_unseen_clips_counts_little():
    model = a_model(FUSIONS["decision"](2))
    says_its_input(model)
    inputs, labels = clips()[0]
    before = (np.argmax(model(inputs), axis=1) == labels).mean()
    found = weigh_modalities(model, clips())
    assert found["audio"] < 0.2
    assert found["audio"] + found["video"] == pytest.approx(1)
    assert (np.argmax(model(inputs), axis=1) == labels).mean() == 1 >= before


def test_weighing_twice_finds_the_same():
    model = a_model(FUSIONS["decision"](2))
    first = weigh_modalities(model, clips())
    assert weigh_modalities(model, clips()) == pytest.approx(first, abs=1e-4)


def test_a_modality_that_no_clip_has_keeps_its_weight():
    model = a_model(FUSIONS["decision"](2))
    assert weigh_modalities(model, clips(present=False)) == pytest.approx(
        {"audio": 0.5, "video": 0.5}, abs=1e-4
    )


@pytest.mark.parametrize(
    "fusion",
    [
        ConcatFusion(),
        DecisionFusion(2, learned=True),
        DecisionFusion(2, activation="softmax"),
    ],
)
def test_other_fusions_have_nothing_to_weigh(fusion):
    assert weigh_modalities(a_model(fusion), clips()) is None

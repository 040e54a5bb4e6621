"""One table of defaults: a model is the same, whichever way it is made."""

import inspect

import keras
import pytest

import mmfusion as mm
from mmfusion import defaults
from mmfusion.experiments.clip_corpus import ClipCorpus
from mmfusion.experiments.model import build_model
from mmfusion.models.classifier import classifier
from mmfusion.models.contextual import contextual
from mmfusion.models.recording import recording
from mmfusion.options.network import Network
from mmfusion.training.callbacks import callbacks
from mmfusion.training.optimizers import optimizer

SPEC = mm.ClipSpec(seconds=1.0, steps=4, size_px=32, sample_rate_hz=8000)


def layers_of(model: keras.Model) -> list[tuple]:
    """What a model is made of: the kind of each layer, and the shapes of its weights."""
    return [
        (type(layer).__name__, [tuple(weight.shape) for weight in layer.weights])
        for layer in model.layers
    ]


@pytest.fixture(scope="module")
def notebook():
    """The model of README's notebook."""
    return mm.models.classifier(SPEC, classes=3)


def test_the_command_builds_the_model_of_the_notebook(notebook):
    prep = mm.data.preprocessor(SPEC, vocabulary=["hello"])
    model = build_model(prep, Network(), kind="clips", classes=3, branches={}, spec=SPEC)
    assert layers_of(model) == layers_of(notebook)
    assert model.count_params() == notebook.count_params()


def test_the_names_of_the_book_build_it_too(notebook):
    assert layers_of(mm.create_model(SPEC, classes=3)) == layers_of(notebook)


def test_a_corpus_of_clips_is_read_on_the_grid_of_the_notebook(small_corpus):
    clips = mm.data.read_manifest(small_corpus)
    from mmfusion.experiments.open_corpus import open_corpus
    from mmfusion.options.corpus import Corpus

    corpus = open_corpus(Corpus(manifest=str(small_corpus)))
    assert isinstance(corpus, ClipCorpus)
    assert corpus.spec == mm.data.fit_spec(clips)


@pytest.mark.parametrize("make", [classifier, recording, contextual])
def test_models_take_their_defaults_from_the_table(make):
    parameters = inspect.signature(make).parameters
    assert parameters["units"].default == defaults.UNITS
    assert parameters["dropout"].default == defaults.DROPOUT


def test_training_takes_its_defaults_from_the_table():
    parameters = inspect.signature(optimizer).parameters
    assert parameters["learning_rate"].default == defaults.LEARNING_RATE
    assert parameters["weight_decay"].default == defaults.WEIGHT_DECAY
    assert parameters["clip_norm"].default == defaults.CLIP_NORM
    assert inspect.signature(callbacks).parameters["patience"].default == defaults.PATIENCE

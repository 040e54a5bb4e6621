"""A corpus of arrays, whole rows and sequences, as `Corpus` wants it."""

import numpy as np
import pytest

from mmfusion.experiments.array_corpus import ArrayCorpus
from mmfusion.experiments.open_corpus import open_corpus
from mmfusion.options.corpus import Corpus
from mmfusion.options.network import Network

NETWORK = Network(units=4)
CLASSES = ["calm", "fear"]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """12 rows of 4 groups: numbers, and words that tell the class."""
    label = np.array(CLASSES * 6)
    path = tmp_path_factory.mktemp("array_corpus") / "a.npz"
    np.savez(
        path,
        said=np.array(["all fine", "fire alarm"] * 6),
        x=np.arange(24.0).reshape(12, 2),
        label=label,
        speaker=np.arange(12) // 3,
        place=np.arange(12) % 3,
    )
    return str(path)


def opened(path, **fields) -> ArrayCorpus:
    return open_corpus(Corpus(manifest=path, group="speaker", **fields))


@pytest.fixture(scope="module")
def both(path):
    return opened(path, modalities=("said", "x"))


def test_what_is_known_before_anything_is_decoded(both, path):
    assert (both.path, both.modalities, both.spec) == (path, ("said", "x"), None)
    assert not both.ordered
    assert [(row.id, row.label, row.group) for row in both.rows[:4:3]] == [
        ("0", "calm", "0"),
        ("3", "fear", "1"),
    ]
    assert both.decode() is both
    assert both.description() == {
        "label": "label",
        "group": "speaker",
        "order": None,
        "modalities": ("said", "x"),
        "spec": None,
        "ordered": False,
    }


def test_parts_and_modalities(both):
    part = both.part(both.rows[2:4])
    assert [row["id"] for row in part.rows] == ["2", "3"]
    assert len(both.part(())) == 0
    assert both.only(["x"]).modalities == ("x",)
    assert both.modalities == ("said", "x")


def test_scaling_and_vocabulary_are_those_of_the_rows_to_train_on(both):
    train = both.part([row for row in both.rows[:6] if row.label == "calm"])
    prep = both.preprocessor(train, NETWORK)
    seen = both.arrays.tensors["x"][[0, 2, 4], 0]
    scaling = prep.get_layer("x_scaling")
    np.testing.assert_allclose(scaling.offset, seen.mean(axis=0))
    batch = next(iter(both.batches(both.part(both.rows), prep, classes=CLASSES, batch_size=2)))[0]
    known, unknown = batch["said"].numpy()[:, 0]
    assert set(known.ravel()) == {0, 2, 3}  # all, fine
    assert set(unknown.ravel()) == {0, 1}  # fire and alarm were never read


def test_batches_reach_the_model(both):
    train = both.part(both.rows)
    prep = both.preprocessor(train, NETWORK)
    model = both.model(prep, train, NETWORK, classes=2, seed=0)
    x, y = next(iter(both.batches(train, prep, classes=CLASSES, batch_size=5)))
    assert y.numpy().tolist() == [0, 1, 0, 1, 0]
    assert model(x).shape == (5, 2)
    weights = {row.id: 2.0 for row in both.rows}
    weighted = both.batches(train, prep, classes=CLASSES, weights=weights)
    assert next(iter(weighted))[2].numpy()[0] == 2.0


def test_the_rows_of_a_group_are_one_sequence(path):
    corpus = opened(path, order="place", modalities=("x",))
    assert corpus.ordered
    assert corpus.description()["ordered"] is True
    train = corpus.part(corpus.rows)
    prep = corpus.preprocessor(train, NETWORK)
    model = corpus.model(prep, train, NETWORK, classes=2, seed=0)
    x, y, weight = next(iter(corpus.batches(train, prep, classes=CLASSES, batch_size=4)))
    assert (x["x"].shape, y.shape, weight.shape) == ((4, 3, 2), (4, 3), (4, 3))
    assert model(x).shape == (4, 3, 2)

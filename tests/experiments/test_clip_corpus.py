"""A corpus of clips, alone and with features beside them, as `Corpus` wants it."""

import json

import numpy as np
import pytest

from mmfusion.data.augmentation import Augmentation
from mmfusion.experiments import transcribed
from mmfusion.experiments.open_corpus import open_corpus
from mmfusion.media.write import write_audio
from mmfusion.options.corpus import Corpus
from mmfusion.options.grid import Decoding, Grid
from mmfusion.options.network import Network
from tests.transcription.fakes import one_segment

CLASSES = ["calm", "fear"]
NETWORK = Network(units=4)
GRID = Grid(seconds=2.0, steps=2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """12 clips of words in 4 groups of three, and features of all but one of them."""
    folder = tmp_path_factory.mktemp("clip_corpus")
    texts = {"calm": "all is fine", "fear": "fire alarm"}
    rows = [
        {"id": f"c{at}", "text": texts[label], "label": label, "group": f"g{at // 3}", "at": at % 3}
        for at, label in enumerate(CLASSES * 6)
    ]
    rows[0]["label"] = ""  # is left out
    (folder / "m.jsonl").write_text("\n".join(map(json.dumps, rows)))
    ids = np.array([f"c{at}" for at in range(1, 12)][::-1])
    np.savez(folder / "f.npz", id=ids, pulse=np.arange(11.0)[::-1, None] + [[0, 1]])
    return folder


def opened(folder, **fields):
    which = Corpus(manifest=str(folder / "m.jsonl"), **{"modalities": ("text",), **fields})
    return open_corpus(which, GRID, decoding=Decoding(cache=str(folder / "cache"), workers=1))


@pytest.fixture(scope="module")
def alone(folder):
    return opened(folder).decode()


@pytest.fixture(scope="module")
def beside(folder):
    features = str(folder / "f.npz")
    return opened(folder, features=features, modalities=("text", "pulse")).decode()


def first(corpus, part, prep, **kwargs):
    return next(iter(corpus.batches(part, prep, classes=CLASSES, **kwargs)))


def test_what_is_known_before_anything_is_decoded(folder):
    corpus = opened(folder)
    assert (corpus.path, corpus.modalities) == (str(folder / "m.jsonl"), ("text",))
    assert (corpus.spec.steps, corpus.spec.seconds, corpus.ordered) == (2, 2.0, False)
    assert [row.id for row in corpus.rows] == [f"c{at}" for at in range(1, 12)]
    assert corpus.records is None
    told = corpus.description()
    assert told["spec"] == corpus.spec.to_dict()
    assert (told["label"], told["group"], told["features"]) == ("label", "group", False)
    json.dumps(told)


def test_a_part_of_the_records(alone):
    part = alone.part(alone.rows[:3])
    assert [row["id"] for row in part.rows] == ["c1", "c2", "c3"]
    assert part.classes == CLASSES
    assert len(alone.part(())) == 0


def test_the_vocabulary_is_that_of_the_rows_to_train_on(alone):
    train = alone.part([row for row in alone.rows if row.label == "calm"])
    prep = alone.preprocessor(train, NETWORK)
    x, y = first(alone, alone.part(alone.rows[:2]), prep)
    words = [set(each.ravel()) - {0} for each in x["text"].numpy()]
    assert y.numpy().tolist() == [1, 0]
    assert words[0] == {1}  # fire alarm was never read
    assert min(words[1]) > 1


def test_batches_reach_the_model(alone):
    train = alone.part(alone.rows)
    prep = alone.preprocessor(train, NETWORK)
    model = alone.model(prep, train, NETWORK, classes=2, seed=0)
    x, y, weight = first(alone, train, prep, batch_size=4, weights={"c1": 2.0})
    assert (y.shape, weight.numpy()[0]) == ((4,), 2.0)
    assert model(x).shape == (4, 2)
    varied = first(alone, train, prep, batch_size=4, training=Augmentation(word_dropout=1.0))[0]
    assert set(varied["text"].numpy().ravel()) <= {0, 1}


def test_features_are_joined_by_id(beside):
    assert beside.modalities == ("pulse", "text")
    assert beside.description()["features"] is True
    train = beside.part(beside.rows)
    raw, _ = first(beside, train, None)
    places = [int(row["id"][1:]) - 1 for row in train.rows]
    np.testing.assert_array_equal(raw["pulse"][:, 0, 0], places)
    assert train.rows[0]["valid_steps"]["pulse"] == 1
    prep = beside.preprocessor(train, NETWORK)
    assert {"pulse", "pulse_mask", "text", "text_mask"} == set(prep.output)
    model = beside.model(prep, train, NETWORK, classes=2, seed=0)
    assert model(first(beside, train, prep, batch_size=4)[0]).shape == (4, 2)


def test_features_are_scaled_by_the_rows_to_train_on(beside):
    prep = beside.preprocessor(beside.part(beside.rows[:2]), NETWORK)
    np.testing.assert_allclose(prep.get_layer("pulse_scaling").offset, [0.5, 1.5])


@pytest.mark.parametrize("kept", ["text", "pulse"])
def test_one_modality_is_left(beside, kept):
    corpus = beside.only([kept])
    assert corpus.modalities == (kept,)
    train = corpus.part(corpus.rows)
    prep = corpus.preprocessor(train, NETWORK)
    assert set(prep.output) == {kept, f"{kept}_mask"}
    model = corpus.model(prep, train, NETWORK, classes=2, seed=0)
    assert model(first(corpus, train, prep, batch_size=4)[0]).shape == (4, 2)


def test_clips_of_a_group_are_labelled_beside_each_other(folder):
    corpus = opened(folder, order="at").decode()
    assert corpus.ordered
    train = corpus.part(corpus.rows)
    prep = corpus.preprocessor(train, NETWORK)
    x, y = first(corpus, train, prep, batch_size=6)
    assert x["sequence"].numpy().tolist() == sorted(x["sequence"].numpy().tolist())
    model = corpus.model(prep, train, NETWORK, classes=2, seed=0)
    assert model(x).shape == (len(y), 2)


def test_some_rows_are_decoded(folder):
    corpus = opened(folder)
    some = corpus.decode(corpus.rows[2:4])
    assert [row["id"] for row in some.records.clips] == ["c3", "c4"]


def test_nothing_is_read_of_what_is_not_decoded(folder):
    corpus = opened(folder)
    with pytest.raises(ValueError, match="not decoded yet"):
        corpus.part(corpus.rows)


def test_machine_made_words_are_in_the_vocabulary(tmp_path, monkeypatch):
    monkeypatch.setattr(transcribed, "transcribe_file", one_segment)
    monkeypatch.setattr(transcribed, "weights_path", lambda name: tmp_path)
    write_audio(tmp_path / "a.wav", np.zeros(32_000), 16_000)
    rows = [
        {"id": "a", "audio": "a.wav", "label": "fear"},
        {"id": "b", "text": "all is fine", "label": "calm"},
    ]
    (tmp_path / "m.jsonl").write_text("\n".join(map(json.dumps, rows)))
    which = Corpus(manifest=str(tmp_path / "m.jsonl"), modalities=("text",))
    decoding = Decoding(cache=str(tmp_path / "cache"), workers=1, transcribe=True)
    corpus = open_corpus(which, GRID, decoding=decoding).decode()
    assert corpus.description()["transcribe"] is True
    assert [row["transcribed"] for row in corpus.records.clips] == [True, False]
    assert [row.transcribed for row in corpus.rows] == [True, False]
    prep = corpus.preprocessor(corpus.part(corpus.rows), NETWORK)
    x, _ = first(corpus, corpus.part(corpus.rows[:1]), prep)
    assert np.unique(x["text"]).tolist() != [0, 1]  # not only unknown words
    only_second = corpus.decode(corpus.rows[1:])
    assert [row.id for row in only_second.rows] == ["a", "b"]

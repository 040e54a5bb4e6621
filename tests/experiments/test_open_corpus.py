"""What a path is opened as, and what does not fit."""

import json

import numpy as np
import pytest

from mmfusion.experiments.array_corpus import ArrayCorpus
from mmfusion.experiments.clip_corpus import ClipCorpus
from mmfusion.experiments.open_corpus import open_corpus, read_rows
from mmfusion.options.corpus import Corpus
from mmfusion.options.grid import Grid
from mmfusion.specs import ClipSpec

MELD = "Utterance,Emotion,Sentiment,Dialogue_ID,Utterance_ID\nHi,joy,positive,0,0\n"


@pytest.fixture
def clips(tmp_path):
    """Writes a manifest of clips of words; returns its path."""

    def write(*rows):
        path = tmp_path / "m.jsonl"
        path.write_text("\n".join(json.dumps({"text": "fine", **row}) for row in rows))
        return str(path)

    return write


@pytest.fixture
def arrays(tmp_path):
    """Writes an `.npz` file; returns its path."""

    def write(name="a.npz", **arrays):
        np.savez(tmp_path / name, **arrays)
        return str(tmp_path / name)

    return write


def test_arrays(arrays):
    path = arrays(x=np.ones((2, 3)), kind=np.array(["u", "v"]))
    corpus = open_corpus(Corpus(manifest=path, label="kind"))
    assert isinstance(corpus, ArrayCorpus)
    assert [row.label for row in corpus.rows] == ["u", "v"]
    assert [row.group for row in corpus.rows] == [None, None]


def test_the_default_group_is_read_where_it_is_there(arrays):
    path = arrays(x=np.ones((2, 3)), label=[0, 1], group=np.array(["g", "h"]))
    rows = read_rows(Corpus(manifest=path))
    assert [row.group for row in rows.clips] == ["g", "h"]


def test_meld_by_its_columns(tmp_path):
    path = tmp_path / "dev.csv"
    path.write_text(MELD)
    corpus = open_corpus(Corpus(manifest=str(path)))
    assert isinstance(corpus, ArrayCorpus)
    assert corpus.ordered
    assert [row.label for row in corpus.rows] == ["joy"]
    assert read_rows(Corpus(manifest=str(path), label="Sentiment")).classes == ["positive"]


def test_clips_on_a_grid_and_on_the_spec_of_a_model(clips):
    path = clips({"id": "a", "label": "x"}, {"id": "b", "label": None}, {"id": "c", "label": "y"})
    which = Corpus(manifest=path, modalities=("text",))
    corpus = open_corpus(which, Grid(steps=3, seconds=1.5))
    assert isinstance(corpus, ClipCorpus)
    assert [row.id for row in corpus.rows] == ["a", "c"]
    assert (corpus.spec.steps, corpus.spec.seconds) == (3, 1.5)
    assert corpus.spec.modalities == ("text",)
    spec = ClipSpec(steps=5, modalities=("text",))
    assert open_corpus(which, spec).spec is spec


def test_all_modalities_if_none_is_named(clips):
    corpus = open_corpus(Corpus(manifest=clips({"id": "a", "label": "x"})))
    assert corpus.modalities == ("audio", "text", "video")


@pytest.mark.parametrize("rows", [[], [{"id": "a"}], [{"id": "a", "label": ""}]])
def test_no_label(clips, rows):
    with pytest.raises(ValueError, match=r"m\.jsonl: no clip has a 'label'.*--label"):
        open_corpus(Corpus(manifest=clips(*rows)))


def test_clips_in_the_order_of_their_places(clips):
    rows = [
        {"id": "a", "label": "x", "group": "h", "at": "2"},
        {"id": "b", "label": "y", "group": "h", "at": "-1.5"},
        {"id": "c", "label": "x", "group": "g", "at": "10"},
        {"id": "d", "label": "x", "group": "g", "at": "9"},
    ]
    corpus = open_corpus(Corpus(manifest=clips(*rows), order="at"))
    assert [row.id for row in corpus.rows] == ["d", "c", "b", "a"]
    assert corpus.ordered


@pytest.mark.parametrize("row", [{"group": "", "at": "1"}, {"group": "g", "at": "first"}])
def test_an_order_needs_a_group_and_numbers(clips, row):
    path = clips({"id": "a", "label": "x", **row})
    with pytest.raises(ValueError, match=r"clip 'a': `order` needs a group and a number in 'at'"):
        open_corpus(Corpus(manifest=path, order="at"))


def test_features_beside_clips(clips, arrays):
    path = arrays("f.npz", id=np.array(["b", "a"]), pulse=np.ones((2, 4)), skin=np.ones((2, 3)))
    manifest = clips({"id": "a", "label": "x"}, {"id": "b", "label": "y"})
    corpus = open_corpus(Corpus(manifest=manifest, features=path))
    assert corpus.modalities == ("audio", "pulse", "skin", "text", "video")
    some = open_corpus(Corpus(manifest=manifest, features=path, modalities=("text", "skin")))
    assert some.modalities == ("skin", "text")
    none = open_corpus(Corpus(manifest=manifest, features=path, modalities=("text",)))
    assert (none.features, none.modalities) == (None, ("text",))


@pytest.mark.parametrize(
    ("features", "message"),
    [
        ({"pulse": np.ones((1, 2))}, r"f\.npz: an array `id` must name the clip of each row"),
        (
            {"id": np.array(["a"]), "audio": np.ones((1, 2))},
            r"f\.npz: names that clips have themselves\. Received: \['audio'\]",
        ),
    ],
)
def test_features_that_do_not_fit(clips, arrays, features, message):
    manifest = clips({"id": "a", "label": "x"})
    with pytest.raises(ValueError, match=message):
        open_corpus(Corpus(manifest=manifest, features=arrays("f.npz", **features)))


@pytest.mark.parametrize("name", ["none.csv", "none.npz"])
def test_no_such_file(tmp_path, name):
    with pytest.raises(FileNotFoundError, match="none"):
        open_corpus(Corpus(manifest=str(tmp_path / name)))


def test_missing_files_are_told_before_anything_is_decoded(clips, tmp_path, caplog):
    (tmp_path / "a.mp4").touch()
    rows = [
        {"id": f"{at}", "video": name, "label": "x"}
        for at, name in enumerate(["a.mp4", "b.mp4", "c.mp4"])
    ]
    open_corpus(Corpus(manifest=clips(*rows)), ClipSpec())
    assert f"2 of 3 files are missing, first {tmp_path / 'b.mp4'}" in caplog.text
    message = rf"m\.jsonl: 2 of 2 files are missing, first {tmp_path}/b\.mp4"
    with pytest.raises(FileNotFoundError, match=message):
        open_corpus(Corpus(manifest=clips(*rows[1:])), ClipSpec())
    open_corpus(Corpus(manifest=clips(*rows[1:]), modalities=("text",)), ClipSpec())


def test_rows_without_a_class_are_counted(clips, caplog):
    path = clips(
        *({"id": str(at), "label": label} for at, label in enumerate(["x", "NaN", "", "y"]))
    )
    corpus = open_corpus(Corpus(manifest=path), ClipSpec())
    assert [row.label for row in corpus.rows] == ["x", "y"]
    assert f"{path}: 2 of 4 rows have no 'label' and are left out" in caplog.text


def test_rows_of_arrays_without_a_class_are_counted(arrays, caplog):
    path = arrays(x=np.ones((4, 3)), label=np.array([0, np.nan, 1, 1]))
    corpus = open_corpus(Corpus(manifest=path))
    assert [row.label for row in corpus.rows] == ["0", "1", "1"]
    assert len(corpus.part(corpus.rows).tensors["x"]) == 3
    assert f"{path}: 1 of 4 rows have no 'label' and are left out" in caplog.text


def test_features_that_are_not_finite_are_refused_by_choice(clips, arrays):
    bad = arrays(x=np.array([[1.0], [np.inf]]), label=[0, 1])
    beside = arrays("f.npz", skin=np.array([[np.nan], [1.0]]), id=np.array(["a", "b"]))
    manifest = clips({"id": "a", "label": "x"}, {"id": "b", "label": "y"})
    for which in ({"manifest": bad}, {"manifest": manifest, "features": beside}):
        open_corpus(Corpus(**which))
        with pytest.raises(ValueError, match="NaN or infinite in 1 of 2 rows"):
            open_corpus(Corpus(**which, not_finite="refuse"))


def test_features_are_joined_by_ids_however_they_are_composed(clips, arrays, caplog):
    path = arrays(skin=np.ones((3, 2)), id=np.array(["cafe\u0301", "b ", "other"]))
    manifest = clips(*({"id": name, "label": "x"} for name in ("caf\u00e9", "b", "c")))
    corpus = open_corpus(Corpus(manifest=manifest, features=path), ClipSpec(modalities=("text",)))
    assert [row.id for row in corpus.features.clips] == ["caf\u00e9", "b", "other"]
    assert f"{path}: 1 of 3 clips have no features, first 'c'" in caplog.text
    path = arrays(skin=np.ones((1, 2)), id=np.array(["other"]))
    with pytest.raises(
        ValueError, match=r"a\.npz: no `id` is that of a clip. Received: \['other'\]"
    ):
        open_corpus(Corpus(manifest=manifest, features=path), ClipSpec())

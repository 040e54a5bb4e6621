import json

import numpy as np
import pytest

from mmfusion.apps import features
from mmfusion.data.clip_features import ClipFeatures
from mmfusion.data.feature_location import open_store, read_features
from mmfusion.options.features import FeaturesOptions
from mmfusion.options.reading import read_options

FLAGS = ("--video", "color,motion", "--audio", "mfcc, vad", "--text", "tfidf,word2vec")


@pytest.fixture(scope="module")
def computed(command, small_corpus, tmp_path_factory):
    """What `mmfusion features` left, and where."""
    out = tmp_path_factory.mktemp("features") / "f.parquet"
    return command("features", small_corpus, "--out", out, *FLAGS, "--json"), out


def test_broken_clips_are_quarantined(computed):
    done, out = computed
    assert done.code == 3
    told = json.loads(done.out)
    assert [row["id"] for row in told["quarantined"]] == ["broken000", "broken001"]
    assert told["n"] == told["computed"] - 2 == 48
    assert set(told["widths"]) == {
        *("audio.mfcc", "audio.vad", "text.tfidf", "text.word2vec", "video.color", "video.motion")
    }
    assert read_features(out).quarantined == told["quarantined"]


def test_every_column_travels(computed, small_corpus):
    table = read_features(computed[1])
    header = small_corpus.read_text().splitlines()[0].split(",")
    assert set(table.columns) <= set(header)
    assert {"label", "group", "split", "video"} <= set(table.columns)
    assert set(table.column("split")) == {"train", "val", "test"}


def test_scalings_are_those_of_the_clips_to_train_on(computed):
    table = read_features(computed[1])
    train = np.array(table.column("split")) == "train"
    for name, rows in table.features.items():
        seen = rows[train & ~np.isnan(rows).any(axis=1)]
        np.testing.assert_allclose(table.scalings[name].offset, seen.mean(axis=0), atol=1e-4)
        scaled = table.scalings[name](seen).std(axis=0)
        assert ((np.abs(scaled - 1) < 1e-3) | (scaled < 1e-3)).all()  # constant ones become 0


def test_absent_modalities_are_nan(computed):
    table = read_features(computed[1])
    silent = np.isnan(table.features["audio.mfcc"]).all(axis=1)
    assert 0 < silent.sum() < len(table)
    assert np.isfinite(table.features["audio.mfcc"][~silent]).all()
    wordless = np.isnan(table.features["text.tfidf"]).all(axis=1)
    assert [not text.strip() for text in table.words] == wordless.tolist()


@pytest.mark.parametrize("end", ["db", "parquet"])
def test_a_second_run_computes_what_has_changed(command, tmp_path, end):
    out = f"sqlite:///{tmp_path}/f.db" if end == "db" else tmp_path / "f.parquet"
    manifest = tmp_path / "manifest.csv"

    def run(*rows):
        manifest.write_text("\n".join(["id,text,label,colour", *rows]))
        done = command("features", manifest, "--out", out, "--text", "tfidf", "--json")
        return json.loads(done.out)["computed"], read_features(out)

    assert run("a,fire,x,red", "b,no fire,y,blue")[0] == 2
    assert run("a,fire,x,red", "b,no fire,y,blue")[0] == 0
    computed, table = run("b,no fire,y,green", "c,help,x,red")
    assert computed == 1
    assert (table.ids, table.column("colour")) == (["b", "c"], ["green", "red"])
    assert table.features["text.tfidf"].shape == (2, 4)  # fire, help, no, no fire


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "Name feature sets by"),
        ({"video": ("smell",)}, r"`video` must be one of .*color, .*Received: 'smell'"),
        ({"text": ("mfcc",)}, "`text` must be one of"),
        ({"text": ("bert",)}, "Feature set 'bert' needs `checkpoint`"),
        ({"text": ("dependencies",)}, "Feature set 'dependencies' needs `parser`"),
        ({"video": ("cnn",)}, "Feature set 'cnn' needs `weights`"),
        ({"text": ("shape",), "scaling": "l2"}, r"`scaling` must be one of.*z_score.*'l2'"),
        ({"text": ("shape",), "read_size_px": 0}, "`size_px` must be positive"),
    ],
)
def test_unknown_feature_sets_are_refused(fields, told):
    with pytest.raises(ValueError, match=told):
        read_options(FeaturesOptions, manifest="a.csv", out="a.parquet", **fields)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_features_that_are_not_finite_are_named_and_left_out(tmp_path, caplog, value):
    with open_store(f"sqlite:///{tmp_path}/f.db") as store:
        store.begin({"a": {}, "b": {}})
        for name in "ab":
            vectors = {
                "audio.mfcc": np.array([1.0, value if name == "b" else 2.0]),
                "audio.vad": np.ones(3),
            }
            features._keep(store, name, ClipFeatures(vectors, "fire"), "key")
        table = store.read()
    assert [record.getMessage() for record in caplog.records] == [
        "clip 'b': 'audio.mfcc' is NaN or infinite, left out"
    ]
    np.testing.assert_array_equal(table.features["audio.mfcc"], [[1, 2], [np.nan] * 2])
    assert table.features["audio.vad"].tolist() == [[1] * 3] * 2

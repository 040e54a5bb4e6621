"""Train on arrays, with one seed and with several."""

import dataclasses
import json

import keras
import numpy as np
import pytest

from mmfusion.apps.arrays import train as train_arrays


def test_learns_whole_clips(options, tmp_path):
    metrics = train_arrays.run(options(modalities=None, group="video", epochs=25))
    assert metrics["n"] == 10
    assert metrics["accuracy"] > 0.85
    assert set(metrics["ablation"]) == {"noise", "x", "noise+x"}
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names >= {"best.keras", "preprocessor.keras", "config.json", "metrics.json"}


def test_a_rare_class_is_found_rather_where_classes_are_balanced(options, tmp_path):
    rng = np.random.default_rng(0)
    label = (np.arange(600) % 20 == 0).astype(int)
    np.savez(
        tmp_path / "rare.npz",
        x=rng.normal(size=(600, 3)) + label[:, None],
        label=label,
        split=np.where(np.arange(600) < 300, "train", "test"),
    )
    recalls = {}
    for balanced in (False, True):
        asked = options(balance_classes=balanced, epochs=10)
        asked = dataclasses.replace(asked, manifest=str(tmp_path / "rare.npz"))
        recalls[balanced] = train_arrays.run(asked)["per_class"]["1"]["recall"]
    assert recalls[True] > recalls[False] + 0.2


def test_the_run_carries_the_scaling_of_the_rows_to_train_on(corpus, options, tmp_path):
    train_arrays.run(options(epochs=1, scaling="min_max"))
    layer = keras.saving.load_model(tmp_path / "run/preprocessor.keras").get_layer("x_scaling")
    with np.load(corpus) as arrays:
        seen = arrays["x"][arrays["split"] == "train"].astype("float32")
    np.testing.assert_array_equal(layer.offset, seen.min(axis=0))
    np.testing.assert_allclose(layer.scale, np.ptp(seen, axis=0), rtol=1e-6)


def test_without_a_split_everything_is_trained_on(options, corpus, tmp_path):
    with np.load(corpus) as file:
        arrays = {name: file[name] for name in file.files if name != "split"}
    np.savez(corpus, **arrays)
    assert train_arrays.run(options(epochs=1)) == {"quarantined": []}
    config = json.loads((tmp_path / "run/config.json").read_text())
    assert {name: len(ids) for name, ids in config["parts"].items()} == {
        "train": 60,
        "val": 0,
        "test": 0,
    }
    assert config["classes"] == ["low", "high"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"fusion": "blend"}, "`fusion` must be one of"),
        ({"seeds": 0}, "`seeds` must be at least 1.*seeds=0"),
        ({"label": "lable"}, "no array 'lable'; the nearest is"),
        ({"modalities": ("smell",)}, "no array 'smell'"),
    ],
)
def test_says_what_does_not_fit(options, fields, message):
    with pytest.raises(ValueError, match=message):
        train_arrays.run(options(**fields))

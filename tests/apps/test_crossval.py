import dataclasses
from pathlib import Path

import numpy as np
import pytest

from mmfusion.apps import crossval
from mmfusion.apps.runs.run import read_run
from mmfusion.apps.scores.out_of_fold import read_out_of_fold
from mmfusion.data.manifest import read_manifest
from mmfusion.data.synthetic import CorpusSize, make_corpus


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crossval")
    manifest = make_corpus(folder, CorpusSize(train=0, val=0, test=4, broken=0))
    options = crossval.Options(
        str(manifest),
        str(folder / "out"),
        folds=2,
        steps=4,
        size_px=16,
        epochs=1,
        modalities=("audio", "video"),
        cache=str(folder / "cache"),
    )
    return options, crossval.run(options)


@pytest.fixture
def words(tmp_path, word_clips):
    """Options for 48 clips of words alone."""
    paths = word_clips(24), str(tmp_path / "out")
    quick = {"modalities": ("text",), "epochs": 1, "units": 4, "steps": 2, "folds": 2}
    return crossval.Options(*paths, cache=str(tmp_path / "cache"), **quick)


def test_every_clip_is_tested_once_and_no_group_is_on_both_sides(result):
    options, found = result
    assert [fold["n"] for fold in found["folds"]] == [16, 16]
    parts = [read_run(f"{options.out}/fold-{k}").config["parts"] for k in range(2)]
    for part in parts:
        scenes = {name: {clip.split("_")[0] for clip in ids} for name, ids in part.items()}
        assert not scenes["test"] & (scenes["train"] | scenes["val"])
        assert not scenes["val"] & scenes["train"]
    assert not set(parts[0]["test"]) & set(parts[1]["test"])


def test_mean_and_spread_by_hand(result):
    _, found = result
    first, second = (fold["accuracy"] for fold in found["folds"])
    assert found["mean"]["accuracy"] == pytest.approx((first + second) / 2)
    assert found["std"]["accuracy"] == pytest.approx(abs(first - second) / 2)
    assert found["mean"]["majority"] == pytest.approx(0.125)
    assert "audio+video" in crossval.table(found)


def test_out_of_fold_says_what_the_folds_scored(result):
    options, found = result
    classes, said = read_out_of_fold(options.out)
    right = [classes[int(np.argmax(row["probabilities"]))] == row["label"] for row in said.values()]
    assert len(right) == 32
    assert np.mean(right) == pytest.approx(found["mean"]["accuracy"])
    card = Path(options.out, "model_card.md").read_text()
    assert "Grouped cross-validation, 2 folds" in card


def test_each_seed_draws_its_own_folds(words):
    clips = read_manifest(words.manifest)
    options = dataclasses.replace(words, seeds=2, seed=5)
    places = list(crossval._places(clips, options))
    assert [(place["seed"], place["fold"]) for place, _ in places] == [
        (5, 0),
        (5, 1),
        (6, 0),
        (6, 1),
    ]
    assert len({place["name"] for place, _ in places}) == 4
    tested = [{clip.id for clip in parts["test"]} for _, parts in places]
    assert tested[0] | tested[1] == tested[2] | tested[3] == {clip.id for clip in clips}
    assert tested[0] not in tested[2:]


def test_threshold_and_curve_and_nothing_is_trained_twice(words, monkeypatch):
    options = dataclasses.replace(words, curve=(0.5,), positive="alarm", recall=0.9)
    found = crossval.run(options)
    assert [row["share"] for row in found["curve"]] == [0.5, 1.0]
    half, full = (row["clips"] for row in found["curve"])
    assert half == pytest.approx(full / 2, abs=2)
    assert Path(options.out, "learning_curve.png").is_file()
    assert found["folds"][0]["at_threshold"]["threshold"] > 0
    assert "recall at threshold" in found["mean"]
    monkeypatch.setattr(crossval.train, "fit", None)
    assert crossval.run(options) == found


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"folds": 1}, "`folds` must be at least 2.*folds=1"),
        ({"seeds": 0}, "`seeds` must be at least 1.*seeds=0"),
        ({"curve": (0.5, 1.5)}, "`curve` must be shares between 0 and 1"),
        ({"recall": 0.9}, "`positive` must be one of.*None"),
        ({"recall": 0.9, "positive": "riot"}, "`positive` must be one of.*'riot'"),
    ],
)
def test_what_cannot_be_done_is_said_before_training(words, monkeypatch, fields, message):
    monkeypatch.setattr(crossval.train, "fit", None)
    with pytest.raises(ValueError, match=message):
        crossval.run(dataclasses.replace(words, **fields))


def test_a_class_that_a_fold_could_not_learn_is_told_before_a_clip_is_decoded(words):
    with open(words.manifest, "a") as file:
        file.write('\n{"id": "odd", "text": "what", "label": "odd"}')
    with pytest.raises(ValueError, match=r"to train on\. Received: none of \['odd'\]"):
        crossval.run(words)
    assert not Path(words.out).exists()

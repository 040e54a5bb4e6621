import collections
import json

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier, GradientBoostingClassifier

from mmfusion.apps import baseline
from mmfusion.baselines.models import MODELS
from mmfusion.data.feature_location import open_store
from mmfusion.options.features import BaselineOptions


@pytest.fixture(autouse=True)
def fewer_trees(monkeypatch):
    """Of 300 trees, ten: the models themselves are tested elsewhere."""
    few = {
        "boosting": lambda seed: GradientBoostingClassifier(n_estimators=10, random_state=seed),
        "forest": lambda seed: ExtraTreesClassifier(10, random_state=seed),
    }
    for name, make in few.items():
        monkeypatch.setitem(MODELS, name, make)


@pytest.fixture(scope="module")
def location(tmp_path_factory):
    """40 clips of 20 groups; the sound tells the class, the picture nothing, words half of it."""
    location = str(tmp_path_factory.mktemp("baseline") / "f.parquet")
    rng = np.random.default_rng(0)
    labels = [("calm", "alarm")[at % 2] for at in range(40)]
    columns = {
        f"c{at}": {
            "label": label,
            "group": f"g{at // 2}",
            "split": "val" if at >= 30 else "train",
            "colour": ("red", "blue")[at // 4 % 2],
        }
        for at, label in enumerate(labels)
    }
    with open_store(location) as store:
        store.begin({**columns, "unlabelled": {}})
        for at, label in enumerate(labels):
            sound = rng.normal(6 * (label == "alarm"), 1, 4)
            found = {"audio.mfcc": sound, "video.color": rng.normal(size=4)}
            store.write(f"c{at}", found, key="k", words=label if at % 3 else "hm hm")
        store.write("unlabelled", {"audio.mfcc": rng.normal(size=4)}, key="k")
        store.write_set("text.tfidf", {f"c{at}": [1.0] for at in range(40)})
    return location


def test_the_best_model_and_all_others(command, location):
    done = command("baseline", location, "--folds", 3, "--json")
    told = json.loads(done.out)
    assert done.code == 0
    assert (told["n"], told["classes"], told["majority"]) == (40, ["alarm", "calm"], 0.5)
    accuracies = {name: model["accuracy"] for name, model in told["models"].items()}
    assert accuracies[told["best"]] == max(accuracies.values()) == told["accuracy"] >= 0.95
    assert "nested" not in told
    assert told["models"]["logistic, video"]["accuracy"] < 0.7
    assert told["models"]["logistic, text"]["accuracy"] >= 0.75
    for fused in ("vote, early fusion", "logistic, late fusion"):
        assert told["models"][fused]["accuracy"] > 0.85
    assert (
        told["importance"]["audio"]["accuracy_lost"] > told["importance"]["video"]["accuracy_lost"]
    )


def test_the_model_is_chosen_by_what_is_trained_on_alone(location, monkeypatch):
    asked = []

    def count_right(table, labels, parts, *, seed):
        asked.append({row for part in parts for rows in part for row in rows})
        assert all(set(rest).isdisjoint(held) for rest, held in parts)
        return collections.Counter({"logistic, video": 1})

    monkeypatch.setattr(baseline, "count_right", count_right)
    told = baseline.run(BaselineOptions(features=location, folds=2, nested=True))
    nested = told["nested"]
    assert nested.pop("chosen") == ["logistic, video"] * 2
    assert nested == told["models"]["logistic, video"]
    assert nested["accuracy"] < told["accuracy"]
    assert sorted(row for rows in asked for row in rows) == list(range(40))  # each in one


def test_the_table_names_the_best_first(command, location):
    lines = command("baseline", location, "--folds", 2, "--nested").out.splitlines()
    assert lines[0].split() == ["40", "clips", "accuracy", "std", "weighted", "F1", "macro", "F1"]
    assert lines[1].startswith("chosen anew in each fold")
    assert "majority class" in lines[-6]
    assert [line.split()[0] for line in lines[-3:]] == ["audio", "text", "video"]


def test_any_column_may_be_the_label(command, location):
    told = json.loads(
        command("baseline", location, "--label", "colour", "--folds", 2, "--json").out
    )
    assert told["classes"] == ["blue", "red"]
    assert told["accuracy"] < 0.95


def test_the_split_of_the_manifest(location):
    options = BaselineOptions(features=location, sets=("audio.mfcc",), part="val")
    told = baseline.run(options)
    assert told["std"] == 0.0
    assert told["accuracy"] >= 0.9
    assert told["importance"] == {}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"label": "mood"}, "No column 'mood'"),
        ({"group": "camera"}, "No column 'camera'"),
        ({"sets": ()}, "expected two classes and features"),
        ({"part": "test"}, r"expected clips of the parts 'train' and 'test'"),
        ({"folds": 21}, "at least as many groups"),
    ],
)
def test_what_cannot_be_scored(location, fields, told):
    with pytest.raises(ValueError, match=told):
        baseline.run(BaselineOptions(features=location, **fields))


def test_classes_and_sources_are_spelled_in_one_way(command, tmp_path):
    location = str(tmp_path / "f.parquet")
    rng, spelled = np.random.default_rng(0), ("calm", "Calm ", "alarm", "ALARM", "NaN", "")
    with open_store(location) as store:
        store.begin(
            {
                f"c{at}": {"label": spelled[at % 6], "group": f"{'gG'[at % 2]}{at // 2}"}
                for at in range(48)
            }
        )
        for at in range(48):
            store.write(f"c{at}", {"audio.mfcc": rng.normal(at % 6 // 2, 0.1, 4)}, key="k")
    told = json.loads(command("baseline", location, "--folds", 3, "--json").out)
    assert (told["n"], told["classes"], told["majority"]) == (32, ["alarm", "calm"], 0.5)

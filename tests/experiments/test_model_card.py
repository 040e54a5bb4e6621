from mmfusion.experiments.model_card import write_model_card

CONFIG = {
    "manifest": "somewhere/manifest.csv",
    "corpus": {"label": "kind", "group": "camera"},
    "training": {
        "seed": 7,
        "seeds": 2,
        "network": {"fusion": "gated"},
        "optimisation": {"epochs": 3, "batch_size": 16, "learning_rate": 0.002},
    },
    "modalities": ["audio", "video"],
    "classes": ["calm", "fight"],
    "parts": {"train": ["a", "b"], "val": ["c"], "test": []},
}
CALIBRATION = {
    "n": 20,
    "temperature": 1.5,
    "ece": {"before": 0.2, "after": 0.05},
    "threshold": {"class": "fight", "wanted_recall": 0.9, "value": 0.321, "precision": 0.75},
}


def test_a_run_that_tested_nothing(tmp_path):
    card = write_model_card(tmp_path / ".", CONFIG, None).read_text()
    assert card.startswith(f"# Model card: {tmp_path.name}\n")
    for told in ("No row was left to test on", "Classes: calm, fight", "2 train, 1 val, 0 test"):
        assert told in card
    for name, value in (("label", "kind"), ("group", "camera"), ("fusion", "gated"), ("seeds", 2)):
        assert f"| {name} | {value} |" in card
    assert "| modalities | audio, video |" in card
    assert "somewhere" not in card


def test_a_trained_run_has_its_card(small_run):
    card = (small_run / "model_card.md").read_text()
    assert "16 rows that were neither trained nor validated on" in card
    assert "| audio+text+video |" in card
    assert "fitted on 8 validation rows" in card


def test_calibration_and_folds(tmp_path):
    folds = {
        "folds": [{}, {}],
        "mean": {"accuracy": 0.7},
        "std": {"accuracy": 0.1},
        "intervals": {"accuracy": [0.6, 0.8]},
    }
    card = write_model_card(tmp_path, CONFIG, folds, CALIBRATION).read_text()
    assert "Grouped cross-validation, 2 folds and seeds" in card
    assert "| accuracy | 70.0 % | 10.0 % | 60.0 % to 80.0 % |" in card
    assert "For a recall of 90.0 % of `fight`, call it from 0.321 on" in card
    assert "20.0 % before and 5.0 % after" in card


def test_names_are_shown_as_they_are(tmp_path):
    name = "a|b `c` <i>d</i>\n# e"
    config = CONFIG | {
        "classes": [name, "x"],
        "manifest": "odd`name|.csv",
        "corpus": {"label": name, "group": "g"},
        "modalities": [name],
    }
    threshold = CALIBRATION["threshold"] | {"class": "fi`ght"}
    calibration = CALIBRATION | {"threshold": threshold, "weights": {name: 1.0}}
    card = write_model_card(tmp_path, config, None, calibration).read_text()
    shown = r"a\|b \`c\` &lt;i&gt;d&lt;/i&gt;\\n# e"
    for told in (f"Classes: {shown}, x.", f"| label | {shown} |", f"| modalities | {shown} |"):
        assert told in card
    assert f"on the same rows: {shown} 100.0 %" in card
    assert "Trained on ``odd`name|.csv``." in card
    assert "of ``fi`ght``, call it" in card

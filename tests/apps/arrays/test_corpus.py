"""Which files hold arrays, and how they are read."""

import numpy as np
import pytest

from mmfusion.apps.arrays.corpus import is_arrays, read_corpus


@pytest.mark.parametrize(
    ("name", "expected"), [("a.npz", True), ("a.csv", False), ("a", False), ("b.jsonl", False)]
)
def test_tells_arrays_by_their_suffix(name, expected):
    assert is_arrays(name) is expected


def test_reads_by_the_keys_of_a_config(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.ones((2, 3)), kind=np.array(["u", "v"]))
    asked = {"label": "kind", "group": None, "order": None, "modalities": ["x"], "epochs": 3}
    assert read_corpus(tmp_path / "a.npz", asked).classes == ["u", "v"]


def test_reads_meld_by_its_columns(tmp_path):
    path = tmp_path / "dev.csv"
    path.write_text("Utterance,Emotion,Sentiment,Dialogue_ID,Utterance_ID\nHi,joy,positive,0,0\n")
    assert is_arrays(path)
    asked = {"label": "label", "group": None, "order": None, "modalities": None}
    assert read_corpus(path, asked).classes == ["joy"]
    assert read_corpus(path, {**asked, "label": "Sentiment"}).classes == ["positive"]

"""How one fusion of some modalities is trained on one fold."""

import json

import pytest

from mmfusion.apps.compare import Options
from mmfusion.apps.runs import contenders


@pytest.fixture
def manifest(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    said = {"calm": "all is fine", "alarm": "help us now"}
    rows = [
        {"id": str(at), "text": said[kind], "label": kind, "group": str(at)}
        for at, kind in enumerate(sorted(said) * 12)
    ]
    path = tmp_path / "manifest.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


@pytest.mark.parametrize(("cleaning", "words"), [((), 6), (("text.stems",), 3)])
def test_clips_are_cleaned_and_trained_as_by_train(manifest, tmp_path, cleaning, words):
    options = Options(str(manifest), modalities=("text",), cleaning=cleaning, epochs=1)
    rows, modalities, fit = contenders.clips(options)
    assert (len(rows), modalities) == (24, ("text",))
    model, batches, data = fit(rows[:16], rows[16:], "concat", ("text",), folder=tmp_path / "run")
    assert model.output_shape == (None, 2)
    assert sum(y.shape[0] for _, y in data) == 8
    assert sum(y.shape[0] for _, y in batches) == 14  # 7 of 8 parts, the rest validates
    assert max(int(x["text"].numpy().max()) for x, _ in batches) == words + 1  # 0 and 1 are none

"""The quickest corpus there is."""

import json

import pytest


@pytest.fixture
def word_clips(tmp_path):
    """Writes a manifest of clips of words alone, as many of each of two classes; gives its path."""

    def write(pairs):
        said = {"calm": "all is fine", "alarm": "help us now"}
        rows = [
            {"id": str(at), "text": said[label], "label": label}
            for at, label in enumerate(["calm", "alarm"] * pairs)
        ]
        (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, rows)))
        return str(tmp_path / "manifest.jsonl")

    return write

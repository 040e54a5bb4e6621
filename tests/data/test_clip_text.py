import pytest

from mmfusion.data.clip_text import clip_text
from mmfusion.specs import Clip

SRT = "1\n00:00:00,000 --> 00:00:01,000\nRun, fire\n\n2\n00:00:01,000 --> 00:00:02,000\nnow!\n"


@pytest.mark.parametrize(
    ("fields", "text"),
    [({"audio": "a.wav"}, ""), ({"text": "a"}, "a"), ({"text": "No fire."}, "No fire.")],
)
def test_inline(fields, text):
    assert clip_text(Clip("a", **fields)) == text


def test_captions_in_their_order(tmp_path):
    path = tmp_path / "a.srt"
    path.write_text(SRT)
    assert clip_text(Clip("a", transcript=path)).split() == ["Run,", "fire", "now!"]

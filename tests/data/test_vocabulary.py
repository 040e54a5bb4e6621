import pytest

from mmfusion.data.vocabulary import sentences, vocabulary
from mmfusion.media.errors import DecodeError
from mmfusion.specs import Clip


@pytest.fixture
def clips(tmp_path):
    (tmp_path / "said.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nFire, fire.\n")
    return [
        Clip("a", text="No fire here."),
        Clip("b", transcript=tmp_path / "said.srt"),
        Clip("c", video=tmp_path / "silent.mp4"),
    ]


def test_nothing_said():
    assert sentences([]) == []
    assert vocabulary([]) == []


def test_words_of_each_clip(clips):
    assert sentences(clips) == [["no", "fire", "here"], ["fire", "fire"], []]


@pytest.mark.parametrize(("size", "words"), [(0, []), (1, ["fire"]), (9, ["fire", "here", "no"])])
def test_the_most_frequent_first(clips, size, words):
    assert vocabulary(clips, size) == words


def test_words_are_those_that_cleaning_leaves(clips):
    cleaning = ("video.median", "text.stems")
    said = [*clips, Clip("d", text="<b>The alarms</b> were ringing &amp; RINGING")]
    assert sentences(said, cleaning=cleaning)[-1] == ["alarm", "ring", "ring"]
    assert vocabulary(said, 2, cleaning=cleaning) == ["fire", "ring"]


def test_a_transcript_that_is_missing(tmp_path):
    with pytest.raises(DecodeError, match="none"):
        vocabulary([Clip("a", transcript=tmp_path / "none.srt")])

import json

import pytest

from mmfusion.media.captions.segment import Segment
from mmfusion.media.subtitles import read_captions
from mmfusion.media.write_captions import write_captions

SUFFIXES = pytest.mark.parametrize("suffix", [".srt", ".vtt", ".json"])
HARD = [
    "2",
    "AT&T &amp; <i>me</i>",
    "12:30 --> 13:00",
    "NOTE that",
    "STYLE",
    "WEBVTT",
    "{\\an8}up",
    "two\n\nrows",
    "ça 你好 🙂",
    "1\n00:00:01,000 --> 00:00:02,000",
]


@SUFFIXES
def test_no_segments(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    write_captions(path, [])
    assert read_captions(path) == ([], [])


@SUFFIXES
@pytest.mark.parametrize(
    "texts", [["Good dogs"], ["Good dogs", "2", "3"], *[[text, "end"] for text in HARD]]
)
def test_read_again(tmp_path, suffix, texts):
    segments = [Segment(3.25 * at, 3.25 * at + 2, text, -0.1) for at, text in enumerate(texts)]
    path = tmp_path / f"a{suffix}"
    write_captions(path, segments)
    words, problems = read_captions(path)
    expected = [word for segment in segments for word in segment.words]
    assert ([word.text for word in words], problems) == ([word.text for word in expected], [])
    for word, other in zip(words, expected, strict=True):
        assert (word.start_s, word.end_s) == pytest.approx((other.start_s, other.end_s), abs=0.01)


def test_subrip_as_it_stands(tmp_path):
    write_captions(
        tmp_path / "a.srt", [Segment(1.0, 3661.5, "Good dogs"), Segment(3661.5, 4e3, "b")]
    )
    assert (tmp_path / "a.srt").read_bytes() == (
        b"1\n00:00:01,000 --> 01:01:01,500\nGood dogs\n\n2\n01:01:01,500 --> 01:06:40,000\nb\n\n"
    )


def test_webvtt_as_it_stands(tmp_path):
    write_captions(tmp_path / "a.vtt", [Segment(1.0, 3.9996, "R&B")])
    content = (tmp_path / "a.vtt").read_bytes()
    assert content == b"WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nR&amp;B\n\n"


def test_json_as_whisper_writes_it(tmp_path):
    write_captions(tmp_path / "a.json", [Segment(1.0, 3.0, "Good dogs", -0.25)], language="en")
    assert json.loads((tmp_path / "a.json").read_text()) == {
        "text": "Good dogs",
        "segments": [
            {
                "id": 0,
                "start": 1.0,
                "end": 3.0,
                "text": "Good dogs",
                "avg_logprob": -0.25,
                "words": [
                    {"word": "Good", "start": 1.0, "end": 2.0},
                    {"word": "dogs", "start": 2.0, "end": 3.0},
                ],
            }
        ],
        "language": "en",
    }


def test_another_suffix(tmp_path):
    with pytest.raises(
        ValueError, match=r"must end in one of .srt, .vtt, .json. Received: .*a.txt"
    ):
        write_captions(tmp_path / "a.txt", [])
    assert not list(tmp_path.iterdir())

import json

import pytest

WORDS = [
    {"word": " Hello", "start": 1.0, "end": 1.5, "probability": 0.9},
    {"word": " you", "start": 1.5, "end": 2.0, "probability": 0.9},
]
HELLO = [(1.0, 1.5, "Hello"), (1.5, 2.0, "you")]
SPREAD = [(1.0, 1.625, "Hello"), (1.625, 2.0, "you")]
SEGMENT = {"id": 0, "start": 1.0, "end": 2.0, "text": " Hello you"}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], []),
        ({"text": "", "segments": []}, []),
        ({"text": " Hello you", "segments": [SEGMENT], "language": "en"}, SPREAD),
        ({"segments": [{**SEGMENT, "words": WORDS}]}, HELLO),
        ([{**SEGMENT, "words": WORDS}], HELLO),
        ({"segments": [{**SEGMENT, "words": WORDS}], "word_segments": WORDS}, HELLO),  # WhisperX
        ({"segments": [SEGMENT], "words": WORDS, "task": "transcribe"}, HELLO),  # OpenAI's API
        ({"chunks": [{"text": " Hello you", "timestamp": [1.0, 2.0]}]}, SPREAD),  # Hugging Face
        (
            {"transcription": [{"offsets": {"from": 1000, "to": 2000}, "text": " Hello you"}]},
            SPREAD,
        ),
        (
            {
                "segments": [
                    {**SEGMENT, "words": [WORDS[0], {"word": "2"}, {**WORDS[1], "start": 1.75}]}
                ]
            },
            [(1.0, 1.5, "Hello"), (1.5, 1.75, "2"), (1.75, 2.0, "you")],  # numbers have no times
        ),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_words_of_each_program(read, found, expected, indent):
    assert read("a.json", json.dumps(found, indent=indent)) == (expected, [])


def test_half_a_character_is_replaced(read):
    text = r'[{"start": 0, "end": 1, "text": "a\ud83d"}]'
    assert read("a.json", text) == ([(0.0, 1.0, "a?")], [])


def test_a_last_segment_without_an_end_takes_as_long_as_to_read_it(read):
    text = json.dumps({"chunks": [{"text": "a" * 30, "timestamp": [1.0, None]}]})
    assert read("a.json", text) == ([(1.0, 3.0, "a" * 30)], [])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('{"segments":\n[}', "line 2: expected JSON"),
        ("[" * 100_000, "line 1: expected JSON"),
        (
            '{"speech": []}',
            r"line 1: expected one of segments, transcription, chunks. Received: \['speech'\]",
        ),
        ("7", "line 1: expected one of .*int"),
        ('[{"text": "a"}]', "segment 1: expected a start, an end and a text"),
        ('[{"start": "soon", "text": "a"}]', "segment 1: expected"),
        ('[{"start": 1%s, "end": 2, "text": "a"}]' % ("0" * 400), "segment 1: expected"),
        ("[7, null, []]", "segment 1: expected"),
        ('[{"start": 1, "end": 2, "words": [{"start": 1}]}]', "segment 1: expected"),
        ('[{"start": NaN, "end": 2, "text": "a"}]', "segment 1: expected a time of at least 0"),
    ],
)
def test_what_cannot_be_read_is_told(read, content, problem):
    words, problems = read("a.json", content)
    assert words == []
    with pytest.raises(AssertionError, match=problem):
        raise AssertionError(problems[0])

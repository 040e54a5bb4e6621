import pytest

ASS = r"""[Script Info]
Title: a

[V4+ Styles]
Format: Name, Fontname
Style: Default,Arial

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,not said
Dialogue: 0,0:00:01.00,0:00:02.00,Default,Anna,0,0,0,,{\an8}Hello,\Nyou
Dialogue: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,{\p1}m 0 0 l 9 9{\p0}Bye
"""
SSA = """[Events]
Format: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: Marked=0,1:00:01.50,1:00:02.00,Default,,0000,0000,0000,,Hello
"""


def test_nothing(read):
    assert read("a.ass", "\n") == ([], [])
    assert read("a.ass", "[Script Info]\nTitle: a\n\n[Events]\n") == ([], [])


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.ass", ASS, [(1.0, 1.667, "Hello,"), (1.667, 2.0, "you"), (2.0, 3.0, "Bye")]),
        ("a.ass", ASS.replace("\n", "\r\n").encode("utf-16"), [...] * 3),
        ("a.ssa", SSA, [(3601.5, 3602.0, "Hello")]),
        ("a.ass", "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,hi, you", [...] * 2),
        (
            "a.ass",
            "[Events]\nFormat: End, Text, Start\nDialogue: 0:00:02,hi,0:00:01",
            [(1, 2, "hi")],
        ),
    ],
)
def test_dialogue(read, name, content, expected):
    words, problems = read(name, content)
    assert len(words) == len(expected)
    assert all(want is ... or word == want for word, want in zip(words, expected, strict=True))
    assert problems == []


@pytest.mark.parametrize("k", ["k", "kf", "ko", "K"])
def test_sung_syllables(read, k):
    text = f"{{\\{k}50}}ka{{\\{k}50}}ra {{\\{k}100}}{{\\i1}}ok"
    content = f"Dialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,{text}"
    assert read("a.ass", content) == ([(1.0, 2.0, "kara"), (2.0, 3.0, "ok")], [])


@pytest.mark.parametrize(
    "line", ["Dialogue: 0,soon,0:00:02.00,,,0,0,0,,a", "Dialogue: a", "Dialogue:"]
)
def test_a_bad_line_is_told(read, line):
    words, (problem,) = read("a.ass", f"{SSA}{line}\n")
    assert [text for *_, text in words] == ["Hello"]
    assert problem.startswith("line 4: expected marked, start, end, ")


def test_what_is_none(read):
    assert read("a.ass", "hello\n")[1] == ["line 1: expected `Dialogue:`. Received: 'hello'"]

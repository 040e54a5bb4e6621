import pytest

TTML = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
    ttp:frameRate="25" ttp:tickRate="10000000" xml:lang="en">
  <head><metadata><title>not said</title></metadata></head>
  <body><div>{}</div></body>
</tt>"""


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("", []),
        ('<p begin="00:00:01.000" end="00:00:02.000">hi</p>', [(1, 2, "hi")]),
        ('<p begin="1s" dur="1500ms">hi</p>', [(1, 2.5, "hi")]),
        ('<p begin="00:00:01:05" end="50f">hi</p>', [(1.2, 2, "hi")]),
        ('<p begin="10000000t" end="0.5m">hi</p>', [(1, 30, "hi")]),
        ('<p begin="1s" end="3s">hi<br/>h<span>o</span> &amp; \n  x</p>', [(1, 1.667, "hi"), ...]),
        ('<div begin="10s"><p begin="1s" end="2s">hi</p></div>', [(11, 12, "hi")]),
        (
            '<p begin="1s" end="3s"><span begin="0s">a</span> <span begin="1s">b</span></p>',
            [(1, 2, "a"), (2, 3, "b")],
        ),
        (
            '<p begin="9s" end="12s"><span begin="9s">a</span> <span begin="11s">b</span></p>',
            [(9, 11, "a"), (11, 12, "b")],  # counted from the start of the file
        ),
        (
            '<p><span begin="1s">a</span> <span begin="2s">b</span></p><p begin="4s"/>',
            [(1, 2, "a"), ...],
        ),
    ],
)
def test_paragraphs(read, inner, expected):
    words, problems = read("a.ttml", TTML.format(inner))
    head = expected[: expected.index(...)] if ... in expected else words
    assert words[: len(head)] == head
    assert ... in expected or words == expected
    assert problems == []


@pytest.mark.parametrize(("rates", "end_s"), [("", 60.0), ('frameRate="25"', 2.4)])
def test_ticks_are_seconds_or_frames_where_there_is_no_rate_of_theirs(read, rates, end_s):
    text = f'<tt {rates}><body><p begin="1s" end="60t">hi</p></body></tt>'
    assert read("a.ttml", text) == ([(1.0, end_s, "hi")], [])


def test_an_utf16_file_that_says_so_and_another_suffix(read):
    text = TTML.replace("UTF-8", "UTF-16").format('<p begin="1s" end="2s">caf\xe9</p>')
    assert read("a.dfxp", text.encode("utf-16")) == ([(1.0, 2.0, "caf\xe9")], [])


@pytest.mark.parametrize(
    ("content", "texts", "problem"),
    [
        (
            TTML.format('<p begin="soon">a</p>\n<p begin="1s" end="2s">b</p>'),
            ["b"],
            "line 5: expected a time",
        ),
        (TTML.format('<p begin="1s" end="2s">a</p>\n<p <'), ["a"], "line 6: expected XML"),
        ("\n\n" + TTML.format("\n<p begin='x'>a</p>"), [], "line 8: expected a time"),
        ("hello", [], "line 1: expected XML"),
        ("<html>a</html>", [], "line 1: expected Timed Text, `<tt>`. Received: <html>"),
        (TTML.replace('"25"', '"0"').format(""), [], "line 2: expected rates of frames"),
        ('<!DOCTYPE tt [<!ENTITY a "b">]><tt>&a;</tt>', [], "line 1: expected XML.*document type"),
        ("<tt>" + "<div>" * 200, [], "line 1: expected XML.*more than 100"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(read, content, texts, problem):
    words, problems = read("a.ttml", content)
    assert [text for *_, text in words] == texts
    with pytest.raises(AssertionError, match=problem):
        raise AssertionError(problems[0])

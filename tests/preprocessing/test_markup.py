import time

import pytest

from mmfusion.preprocessing.markup import strip_markup


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("plain", "plain"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<b>bo</b>ld", "bold"),
        ("one<br>two<br/>three", "one two three"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("<!-- no --><style>p {}</style><script>no()</script>yes", "yes"),
        ("<html><head><title>no</title></head><body>yes</body></html>", "yes"),
        ("<?xml version='1.0'?><a>yes</a>", "yes"),
        ("<p>never <b>closed", "never closed"),
        ("</p>yes</b>", "yes"),
        ("https://a.org/b", "https://a.org/b"),
        ("&#x41;&#0;&nosuch;", "A\ufffd&nosuch;"),
    ],
)
def test_what_a_reader_sees(text, expected):
    assert strip_markup(text) == expected


@pytest.mark.parametrize(
    "text", ["<![", "<![x", "<!", "<", "<a <b", "<![CDATA[x", "<a b='", "&#" * 9]
)
def test_broken_markup_never_crashes(text):
    assert isinstance(strip_markup(text), str)


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 20_000 + "deep",
        "<b>x</b>" * 20_000,
        "<" * 20_000,
        "<!--" * 20_000,
        "<a b='" * 20_000,
    ],
)
def test_a_novel_takes_seconds(text):
    start_s = time.monotonic()
    strip_markup(text)
    assert time.monotonic() - start_s < 5

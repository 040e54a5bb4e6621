import pytest

from mmfusion.safe_text import markdown_code, markdown_text, safe_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("clips/a b.mp4", "clips/a b.mp4"),
        ("视频 é \U0001f600", "视频 é \U0001f600"),
        ("a\nquarantined b\r\x00\x1b[2K", r"a\nquarantined b\r\x00\x1b[2K"),
        ("a\u2028b\u202ec\x85", r"a\u2028b\u202ec\x85"),
        ("\udcff", r"\udcff"),
        (ValueError("x\ty"), r"x\ty"),
        ("postgresql://us:secret@host/db", "postgresql://us:***@host/db"),
        ("rtsp://us:s@c:r/e?t#!@host:554/1 failed", "rtsp://us:***@host:554/1 failed"),
        ("'http://:secret@host'", "'http://:***@host'"),
        ("http://host:8000/a", "http://host:8000/a"),
        ("us@host", "us@host"),
        ("postgresql://host/db?user=us&password=secret&x=1", None),
    ],
)
def test_one_line_without_passwords(text, expected):
    expected = expected if expected is not None else text.replace("secret", "***")
    assert safe_text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fight", "fight"),
        ("macro_f1", "macro_f1"),
        ("a|b", r"a\|b"),
        ("`x` *y* _z_ [l](m)", r"\`x\` \*y\* \_z\_ \[l\](m)"),
        ("<script>&", "&lt;script&gt;&amp;"),
        ("a\n# b", r"a\\n# b"),
    ],
)
def test_markdown_shows_names_as_they_are(text, expected):
    assert markdown_text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("a|b<i>", "`a|b<i>`"), ("``a", "``` ``a ```"), ("a\nb", r"`a\nb`")]
)
def test_markdown_code(text, expected):
    assert markdown_code(text) == expected

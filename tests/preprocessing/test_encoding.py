# ruff: noqa: RUF001 - characters that look like others are meant
import numpy as np
import pytest

from mmfusion.preprocessing.encoding import decode_text, mend_mojibake


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", ""),
        (b"a", "a"),
        (b"\xef\xbb\xbffire", "fire"),
        ("fire 着火".encode("utf-16"), "fire 着火"),
        (b"\xfe\xff\x00f", "f"),
        ("着火了，快跑".encode("gb18030"), "着火了，快跑"),
        ("Wir müssen über".encode("cp1252"), "Wir müssen über"),
        (b"\x93quoted\x94 \x96 it\x92s", "“quoted” – it’s"),
        (b"\xff\xfef", "\ufffd"),  # half a UTF-16 character
    ],
)
def test_decoding(raw, expected):
    assert decode_text(raw) == expected


@pytest.mark.parametrize("seed", range(20))
def test_no_bytes_crash(seed):
    raw = np.random.default_rng(seed).integers(0, 256, 200, dtype="uint8").tobytes()
    mend_mojibake(decode_text(raw)).encode("utf-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("着火了", "着火了"),
        ("it’s “fine”", 'it\'s "fine"'),
        ("\ud83d\ude00", "\U0001f600"),  # a pair of surrogates
        ("a\ud800b", "a\ufffdb"),  # a lone one
        ("a\x00\x07b", "ab"),
        ("æ—¥æœ¬", "日本"),
    ],
)
def test_mending(text, expected):
    assert mend_mojibake(text) == expected

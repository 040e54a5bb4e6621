import pytest

from mmfusion.pretrained.subword_table import join_subwords, read_subwords


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"\x00", [b""]),
        (b"\x01a", [b"a"]),
        (b"\x03<s>\x04\xe2\x96\x81x", [b"<s>", "▁x".encode()]),
        (b"\x7f" + b"a" * 127 + b"\x01b", [b"a" * 127, b"b"]),
        (b"\x80\x01" + b"a" * 128, [b"a" * 128]),
        (b"\x82\x02" + b"a" * 258 + b"\x01b", [b"a" * 258, b"b"]),
    ],
)
def test_entries(tmp_path, data, expected):
    path = tmp_path / "tokenizer.bin"
    path.write_bytes(data)
    assert read_subwords(path) == expected


@pytest.mark.parametrize("data", [b"\x02a", b"\x01a\x05b", b"\x80", b"\x80\x01a"])
def test_a_file_that_is_cut(tmp_path, data):
    path = tmp_path / "tokenizer.bin"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"tokenizer.bin: entry \d must have \d+ bytes. Received"):
        read_subwords(path)


TABLE = [b"<unk>", b"<s>", b"</s>", "▁go".encode(), b"ne", b"<0xC3>", b"<0xA9>", b"<", "▁".encode()]


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ([], ""),
        ([1, 2], ""),
        ([3], "go"),
        ([1, 3, 4, 3, 2], "gone go"),
        ([3, 5, 6], "goé"),
        ([3, 8, 7, 4], "go <ne"),
        ([5], "\ufffd"),
    ],
)
def test_text(ids, expected):
    assert join_subwords(ids, TABLE) == expected


@pytest.mark.parametrize("each", [-1, len(TABLE)])
def test_an_id_that_is_unknown(each):
    with pytest.raises(ValueError, match=f"`ids` must be below 9. Received: {each}"):
        join_subwords([each], TABLE)

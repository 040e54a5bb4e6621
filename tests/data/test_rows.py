# ruff: noqa: RUF001 - characters that look like others are meant
import csv
import json
import logging

import pytest

from mmfusion.data.rows import read_header, read_rows

ROWS = [(2, {"id": "a", "text": "着火了，快跑"}), (3, {"id": "b", "text": "他说他不知道"})]


def rows(folder, content, name="m.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_rows(path)), read_header(path)


def test_a_header_alone(tmp_path):
    assert rows(tmp_path, "id,text\n") == ([], ["id", "text"])


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "gb2312"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_encoding_and_delimiter(tmp_path, encoding, delimiter):
    text = f"id{delimiter}text\na{delimiter}着火了，快跑\nb{delimiter}他说他不知道\n"
    assert rows(tmp_path, text.encode(encoding)) == (ROWS, ["id", "text"])


def test_an_encoding_that_shows_late_is_told(tmp_path, caplog):
    text = "id,text\n" + "".join(f"{at},word\n" for at in range(20_000)) + "x,Куда ты идёшь\n"
    found, _ = rows(tmp_path, text.encode("cp1251"))
    assert found[-1] == (20_002, {"id": "x", "text": "Куда ты идёшь"})
    assert "row 20002: not UTF-8, read as Windows-1251" in caplog.text


@pytest.mark.parametrize("content", ["sep=;\nid;text\na;b,c\n", "SEP=;\r\nid;text\r\na;b,c\r\n"])
def test_a_declared_delimiter(tmp_path, content):
    assert rows(tmp_path, content) == ([(3, {"id": "a", "text": "b,c"})], ["id", "text"])


def test_a_delimiter_within_quotes_is_text(tmp_path):
    assert rows(tmp_path, 'id,text\na,"x;y, z"\n')[0] == [(2, {"id": "a", "text": "x;y, z"})]


def test_spaces_around_ids_and_columns_and_values_too_many_that_are_empty(tmp_path):
    assert rows(tmp_path, 'id , text\n a , b\n\nc,d,,\ne, "f, g"\n')[0] == [
        (2, {"id": "a", "text": "b"}),
        (4, {"id": "c", "text": "d"}),
        (5, {"id": "e", "text": "f, g"}),
    ]


def test_files_that_were_joined_with_their_headers(tmp_path, caplog):
    found, _ = rows(tmp_path, "id,label\na,x\nid,label\nb,y\n")
    assert [row["id"] for _, row in found] == ["a", "b"]
    assert [record.getMessage() for record in caplog.records] == [
        f"{tmp_path / 'm.csv'}, row 3: the header once more, left out"
    ]


@pytest.mark.parametrize("length", [40_000, 300_000])
def test_a_field_of_any_length(tmp_path, length):
    bound = csv.field_size_limit()
    found, _ = rows(tmp_path, f"id,text\na,{'x' * length}\nb,y\n")
    assert [(row["id"], len(row["text"])) for _, row in found] == [("a", length), ("b", 1)]
    assert csv.field_size_limit() == bound


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "id,label,label\na,x,y\n",
            r"m.csv: each column must be named once. Received: \['label'\] twice",
        ),
        ("id,label, label \na,x,y\n", "named once"),
        ("name;text\na;b\n", "no column `id`"),
        (
            b"id,text\n1,caf\xc3\xa9\n2,\xc3\xa9t\xc3\xa9 \xff\n",
            "m.csv, row 3: a manifest must be UTF-8",
        ),
    ],
)
def test_what_does_not_fit_is_named(tmp_path, content, message):
    with pytest.raises(ValueError, match=message):
        rows(tmp_path, content)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": 1, "label": 2, "label": 3}', "row 2: not JSON.*twice"),
        ("[" * 100_000, "row 2: not JSON"),
    ],
)
def test_what_does_not_fit_in_jsonl_is_named(tmp_path, line, message):
    with pytest.raises(ValueError, match=message):
        rows(tmp_path, f"{json.dumps({'id': 'a'})}\n{line}\n", "m.jsonl")


def test_jsonl_of_any_encoding(tmp_path):
    text = "\n".join(json.dumps(row, ensure_ascii=False) for _, row in ROWS)
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        found, header = rows(tmp_path, text.encode(encoding), "m.jsonl")
        assert ([row for _, row in found], header) == ([row for _, row in ROWS], ["id", "text"])


def test_half_a_character_is_replaced(tmp_path):
    assert rows(tmp_path, r'{"id": "a", "text": "b\ud83d"}', "m.jsonl")[0] == [
        (1, {"id": "a", "text": "b?"})
    ]


def test_nothing_is_logged_of_a_plain_file(tmp_path, caplog):
    with caplog.at_level(logging.INFO):
        rows(tmp_path, "id,text\na,b\n")
    assert not caplog.records


def test_an_encoding_is_told_once(tmp_path, caplog):
    rows(tmp_path, "id,text\na,着火了，快跑\n".encode("gb18030"))
    assert len(caplog.records) == 1

import json

import pytest

from mmfusion.data.manifest import (
    iterate_manifest,
    read_columns,
    read_manifest,
    write_manifest,
)
from mmfusion.specs import Clip


def manifest(folder, text, name="manifest.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_header_alone_is_no_clips(tmp_path):
    assert read_manifest(manifest(tmp_path, "id,video\n")) == []


def test_one_row_with_everything(tmp_path):
    text = (
        "id,video,audio,text,transcript,label,group,split,start_s,end_s,mood\n"
        'a,v/a.mp4,a.wav,"hi, you",a.srt,calm,cam1,test,0.5,2.5,glad\n'
    )
    (clip,) = read_manifest(manifest(tmp_path, text))
    assert clip == Clip(
        id="a",
        video=tmp_path / "v/a.mp4",
        audio=tmp_path / "a.wav",
        text="hi, you",
        transcript=tmp_path / "a.srt",
        label="calm",
        group="cam1",
        split="test",
        start_s=0.5,
        end_s=2.5,
    )
    (named,) = read_manifest(tmp_path / "manifest.csv", label="mood", group="label")
    assert (named.label, named.group) == ("glad", "calm")


@pytest.mark.parametrize("name", ["clip\u0301.mp4", "cl\u00edp.mp4", "a b'c.mp4"])
def test_names_are_kept_as_they_are(tmp_path, name):
    (clip,) = read_manifest(manifest(tmp_path, f"id,video\n1,{name}\n"))
    assert clip.video.name == name


def test_bom_and_crlf(tmp_path):
    (clip,) = read_manifest(manifest(tmp_path, b"\xef\xbb\xbfid,text\r\n1,hello\r\n"))
    assert (clip.id, clip.text) == ("1", "hello")


def test_words_in_the_transcript_column(tmp_path):
    clip, timed = read_manifest(manifest(tmp_path, "id,transcript\n1,bin blue now\n2,b.SRT\n"))
    assert (clip.text, clip.transcript) == ("bin blue now", None)
    assert (timed.text, timed.transcript) == (None, tmp_path / "b.SRT")


def test_jsonl(tmp_path):
    rows = [{"id": 7, "text": "a", "label": 3}, {"id": "b", "video": "b.mp4", "end_s": 1.5}]
    text = "\n\n".join(json.dumps(row) for row in rows)
    first, second = read_manifest(manifest(tmp_path, text, "m.jsonl"))
    assert (first.id, first.label) == ("7", "3")
    assert second.end_s == 1.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no column `id`"),
        ("name,video\n1,a.mp4\n", "no column `id`"),
        ("id,video\n1,a.mp4\n1,b.mp4\n", r"row 3.*unique.*row 2"),
        ("id,video\n,a.mp4\n", "row 2.*`id` must not be empty"),
        ("id,video\n1,\n", "row 2.*needs one of"),
        ("id,video\n1,../a.mp4\n", "row 2: `video`.*within"),
        ("id,video\n1,/etc/passwd\n", "row 2: `video`.*within"),
        ("id,video\n1,a\x00.mp4\n", "row 2: `video`.*control"),
        ('id,video\n1,"a\r\n.mp4"\n', "`video`.*control"),
        ("id,video\n1,a.mp4,more\n", "row 2: expected 2 values"),
        ("id,text,start_s\n1,a,soon\n", "row 2: `start_s`.*'soon'"),
        ("id,text,start_s,end_s\n1,a,2,1\n", "row 2.*before `end_s`"),
        ("id,text,split\n1,a,training\n", "row 2: `split`.*'training'"),
        ('id,text\n1,"open\n', "after row 1: not CSV"),
        (b"id,text\n1,\xff\xfe\n", "must be UTF-8"),
    ],
)
def test_bad_rows_are_named(tmp_path, text, message):
    with pytest.raises(ValueError, match=message):
        read_manifest(manifest(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "message"), [("{", "row 1: not JSON"), ("\n[1]\n", "row 2: not an object")]
)
def test_bad_jsonl_rows_are_named(tmp_path, text, message):
    with pytest.raises(ValueError, match=message):
        read_manifest(manifest(tmp_path, text, "m.jsonl"))


def test_link_out_of_the_folder_is_refused(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.mp4").touch()
    (inside / "link.mp4").symlink_to(tmp_path / "secret.mp4")
    with pytest.raises(ValueError, match="within"):
        read_manifest(manifest(inside, "id,video\n1,link.mp4\n"))


def test_missing_manifest_and_missing_column(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.csv"):
        read_manifest(tmp_path / "none.csv")
    with pytest.raises(ValueError, match="no column 'mood'"):
        read_manifest(manifest(tmp_path, "id,text\n1,a\n"), label="mood")


def test_a_million_rows_are_streamed(tmp_path):
    path = tmp_path / "big.csv"
    with open(path, "w") as file:
        file.write("id,text\n")
        file.writelines(f"{at},word\n" for at in range(1_000_000))
    rows = iterate_manifest(path)
    assert [next(rows).id for _ in range(3)] == ["0", "1", "2"]  # without reading the rest


def test_write_and_read(tmp_path):
    clips = [
        Clip(id="1", video=tmp_path / "v" / "a.mp4", label="x", group="g", split="val"),
        Clip(id="2", text='say "hi",\nthere', start_s=0.25, end_s=1.0),
    ]
    write_manifest(tmp_path / "m.csv", clips)
    assert read_manifest(tmp_path / "m.csv") == clips


def test_every_column_of_every_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,text,colour,mood\nb,hello,red,\na,hi,blue,calm\n")
    rows = read_columns(path)
    assert list(rows) == ["b", "a"]
    assert rows["b"] == {"text": "hello", "colour": "red"}
    assert rows["a"] == {"text": "hi", "colour": "blue", "mood": "calm"}


def test_what_is_missing_is_no_class(tmp_path):
    text = "id,text,mood\n1,a,NaN\n2,a,\n3,a, \n4,a,nan\n5,a,calm\n"
    clips = read_manifest(manifest(tmp_path, text), label="mood")
    assert [clip.label for clip in clips] == [None, None, None, None, "calm"]
    rows = [{"id": 1, "text": "a"}, {"id": 2, "text": "a", "mood": None}, {"id": 3, "text": "a"}]
    text = "\n".join(map(json.dumps, [*rows, {"id": 4, "text": "a", "mood": float("nan")}]))
    clips = read_manifest(manifest(tmp_path, text, "m.jsonl"), label="mood")
    assert [clip.label for clip in clips] == [None] * 4


def test_classes_and_groups_are_spelled_in_one_way(tmp_path):
    text = "id,text,label,group\n1,a,pos,Anna\n2,a,POS ,anna\n3,a,1,\n4,a,1.0,NaN\n"
    clips = read_manifest(manifest(tmp_path, text))
    assert [clip.label for clip in clips] == ["pos", "pos", "1", "1"]
    assert [clip.group for clip in clips] == ["Anna", "Anna", None, None]


def test_a_column_of_paths_as_the_group_leaves_the_paths_alone(tmp_path):
    clips = read_manifest(manifest(tmp_path, "id,video\n1,A.mp4\n2,a.mp4\n"), group="video")
    assert [clip.video.name for clip in clips] == ["A.mp4", "a.mp4"]
    assert [clip.group for clip in clips] == ["A.mp4", "A.mp4"]


def test_paths_of_windows_and_parts_in_capitals(tmp_path):
    text = "id,video,split,start_s\n1,clips\\a.mp4,Train , 0.5\n"
    (clip,) = read_manifest(manifest(tmp_path, text))
    assert clip.video == tmp_path / "clips" / "a.mp4"
    assert (clip.split, clip.start_s) == ("train", 0.5)


def test_a_manifest_of_a_german_spreadsheet(tmp_path):
    text = "id;text;label;start_s\n1;für müde Füße;schön;0,5\n".encode("cp1252")
    (clip,) = read_manifest(manifest(tmp_path, text))
    assert (clip.text, clip.label, clip.start_s) == ("für müde Füße", "schön", 0.5)


@pytest.mark.parametrize("name", ["a.ass", "a.TextGrid", "sub/a.sbv", "a.docx", "my notes.doc"])
def test_a_caption_file_is_never_taken_for_words(tmp_path, name):
    (clip,) = read_manifest(manifest(tmp_path, f"id,transcript\n1,{name}\n"))
    assert (clip.transcript, clip.text) == (tmp_path / name, None)


def test_a_table_that_writes_nan_where_nothing_is(tmp_path):
    text = "id,video,audio,transcript,text,split,start_s,end_s\n1,NaN,a.wav,nan,nan,NaN,NaN,\n"
    (clip,) = read_manifest(manifest(tmp_path, text))
    assert clip == Clip("1", audio=tmp_path / "a.wav", text="nan")  # bread, or a grandmother

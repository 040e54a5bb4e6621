import pytest

YOUTUBE = """WEBVTT
Kind: captions
Language: en

00:00:01.000 --> 00:00:03.000 align:start position:0%
~
one<00:00:01.500><c> two</c><00:00:02.500><c> three</c>

00:00:03.000 --> 00:00:03.010 align:start position:0%
one two three
~

00:00:03.010 --> 00:00:06.000 align:start position:0%
one two three
four<00:00:04.000><c> five</c>

00:00:06.000 --> 00:00:06.010 align:start position:0%
four five
~
""".replace("~", " ")
ONE_TO_FIVE = [
    (1.0, 1.5, "one"),
    (1.5, 2.5, "two"),
    (2.5, 3.0, "three"),
    (3.01, 4.0, "four"),
    (4.0, 6.0, "five"),
]
A, B = (1.0, 2.0), (3.0, 4.0)
TWO = "00:00:01,000 --> 00:00:02,000", "00:00:03,000 --> 00:00:04,000"


def test_rolling_captions_with_the_time_of_each_word(read):
    assert read("a.vtt", YOUTUBE) == (ONE_TO_FIVE, [])


def test_rolling_captions_without_the_time_of_each_word(read):
    rows = "".join(
        row for row in YOUTUBE.splitlines(True) if not row.startswith(("WEB", "Kind", "Lang"))
    )
    for mark in ("<00:00:01.500>", "<00:00:02.500>", "<00:00:04.000>", "<c>", "</c>"):
        rows = rows.replace(mark, "")
    words, problems = read("a.srt", rows.replace(".", ","))
    assert [text for *_, text in words] == ["one", "two", "three", "four", "five"]
    assert (words[0][0], words[-1][1], problems) == (1.0, 6.0, [])


@pytest.mark.parametrize("name", ["a.srt", "a.vtt"])
@pytest.mark.parametrize("rows", ["\n{}", "\n\n{}", "{}", " \n{}", "{}\n\n", "\t\n\n{}\n"])
def test_blank_rows_at_the_beginning(read, name, rows):
    text = f"1\n{TWO[0]}\n{rows.format('hi')}\n\n2\n{TWO[1]}\n{rows.format('ho')}\n"
    assert read(name, text) == ([(*A, "hi"), (*B, "ho")], [])


@pytest.mark.parametrize("name", ["a.srt", "a.vtt"])
@pytest.mark.parametrize("blank", ["\n", "\n\n", "\n \n\n"])
def test_blank_rows_in_the_middle(read, name, blank):
    text = f"1\n{TWO[0]}\none{blank}\ntwo\n\n2\n{TWO[1]}\nfour\n"
    words, problems = read(name, text)
    assert words == [(1.0, 1.5, "one"), (1.5, 2.0, "two"), (*B, "four")]
    assert problems == []


def test_a_blank_row_after_each_row(read):
    text = "\n\n".join(["1", TWO[0], "hi", "2", TWO[1], "ho", ""])
    assert read("a.srt", text) == ([(*A, "hi"), (*B, "ho")], [])


def test_a_number_that_is_said_is_kept(read):
    for said in ("42", "2", "1"):
        text = f"1\n{TWO[0]}\n{said}\n\n2\n{TWO[1]}\n7\n"
        assert read("a.srt", text) == ([(*A, said), (*B, "7")], [])
        for name in ("a.srt", "a.vtt"):  # cues without numbers
            assert read(name, f"{TWO[0]}\n{said}\n\n{TWO[1]}\n7\n")[0] == [(*A, said), (*B, "7")]


def test_names_comments_and_styles_are_not_said(read):
    text = (
        f"WEBVTT\n\nintro\n{TWO[0]}\nhi\n\nNOTE a\nb\n\nSTYLE\n::cue {{}}\n\nouttro\n{TWO[1]}\nho\n"
    )
    assert read("a.vtt", text) == ([(*A, "hi"), (*B, "ho")], [])


@pytest.mark.parametrize(
    ("times", "start_s", "end_s"),
    [
        ("00:00:20 --> 00:00:24", 20.0, 24.0),
        ("00:20 --> 00:24", 20.0, 24.0),
        ("00:00:20,5 --> 00:00:24.25", 20.5, 24.25),
        ("00:00:20,5000 --> 00:00:24,0625", 20.5, 24.062),
        ("00:00:20:500 --> 00:00:24:000", 20.5, 24.0),
        ("0:0:20,500-->0:0:24,000", 20.5, 24.0),
        ("00:00:20, 500 -> 00: 00: 24, 000", 20.5, 24.0),
        ("00:00:20,500 \u2013> 00:00:24,000", 20.5, 24.0),
        ("00\uff1a00\uff1a20\uff0c500 --> 00\uff1a00\uff1a24\uff0c000", 20.5, 24.0),
        ("100:00:20,500 --> 100:00:24,000 X1:0 X2:9", 360_020.5, 360_024.0),
    ],
)
def test_times_as_they_are_written(read, times, start_s, end_s):
    assert read("a.srt", f"1\n{times}\nhi\n") == ([(start_s, end_s, "hi")], [])


def test_word_times_within_a_cue(read):
    text = f"1\n{TWO[0]}\n<00:00:01,200>hi <00:00:01,500><i>ho</i>\n"
    assert read("a.srt", text) == ([(1.2, 1.5, "hi"), (1.5, 2.0, "ho")], [])
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna>hi <00:01.500>ho\n"
    assert read("a.vtt", text) == ([(1.0, 1.5, "hi"), (1.5, 2.0, "ho")], [])


def test_youtubes_old_format(read):
    text = "0:00:01.000,0:00:02.000\nhi[br]ho\n\n0:00:03.000,0:00:04.000\n12, 13\n14\n"
    words, problems = read("a.sbv", text)
    assert [text for *_, text in words] == ["hi", "ho", "12,", "13", "14"]
    assert (words[0][:2], words[-1][1], problems) == ((1.0, 1.5), 4.0, [])


def test_signs_that_are_no_tags_are_said(read):
    words, _ = read("a.srt", f"1\n{TWO[0]}\n3 < 4 > 2 <3 <b>x</b><font color='red'>y</font>\n")
    assert [text for *_, text in words] == ["3", "<", "4", ">", "2", "<3", "xy"]


def test_an_arrow_that_is_said(read):
    assert read("a.srt", f"1\n{TWO[0]}\na --> b\n")[0][1][2] == "-->"


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        (
            "a.srt",
            "<html>\n404</html>",
            "line 1: expected two times around `-->`. Received: '<html>'",
        ),
        ("a.vtt", "\n\nhello\n", "line 3: expected two times around `-->`. Received: 'hello'"),
        ("a.sbv", "hello", "line 1: expected two times around `,`. Received: 'hello'"),
        ("a.sbv", "0:00:01.000,soon 0:1\nhi", "line 1: expected two times around `,`"),
        (
            "a.srt",
            f"{TWO[0][:-4]}x\nhi\n\n1\n00:0a:01 --> 00:00:02\nho",
            "line 5: expected two times",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(read, name, content, problem):
    assert read(name, content)[1][0].startswith(problem)


@pytest.mark.parametrize("name", ["a.srt", "a.vtt", "a.sbv"])
def test_without_cues_there_is_nothing_to_tell(read, name):
    assert read(name, "\n \n") == ([], [])
    assert read("a.vtt", "\ufeffWEBVTT\n\nNOTE nobody speaks\n") == ([], [])

import pytest


def test_align_is_in_units_of_grid(read):
    text = "0 25000 sil\n25000 50000 bin\n50000 56250 sp\n56250 62500 blue\n"
    assert read("a.align", text) == ([(1.0, 2.0, "bin"), (2.25, 2.5, "blue")], [])


CTM = ";; by hand\na 1 0.5 0.25 hello 0.98\na A 0.75 0.5 you\na 1 1.25 0.1 <eps>\n"


@pytest.mark.parametrize("content", [CTM, CTM + "b 1 0 1 other\n"])
def test_ctm_of_one_recording_or_of_the_one_of_this_name(read, content):
    assert read("a.ctm", content) == ([(0.5, 0.75, "hello"), (0.75, 1.25, "you")], [])


def test_align_with_a_time_beyond_all_bounds(read):
    words, (problem,) = read("a.align", f"{'9' * 400} {'9' * 400} a\n0 25000 b\n")
    assert words == [(0.0, 1.0, "b")]
    assert problem.startswith("line 1: expected `start end word`")


def test_ctm_of_several_recordings_none_of_this_name(read):
    words, (problem,) = read("c.ctm", CTM + "b 1 0 1 other\n")
    assert words == []
    assert problem.startswith("line 1: several recordings, none named 'c'. Received: a, b")


@pytest.mark.parametrize("line", ["a 1 soon 1 hello", "a 1 2", "hello"])
def test_ctm_with_a_bad_line(read, line):
    words, (problem,) = read("a.ctm", f"a 1 0 1 good\n{line}\n")
    assert [text for *_, text in words] == ["good"]
    assert problem.startswith("line 2: expected `recording channel start duration word`")


def test_lyrics_last_until_the_next_line(read):
    text = "[ar:Somebody]\n[00:01.00]Hi ho\n[00:03.00]\n[00:10.5]Bye now\n"
    words, problems = read("a.lrc", text)
    assert words[:2] == [(1.0, 2.0, "Hi"), (2.0, 3.0, "ho")]
    assert [text for *_, text in words] == ["Hi", "ho", "Bye", "now"]
    assert words[2][0] == 10.5
    assert problems == []


def test_lyrics_with_several_times_words_and_an_offset(read):
    text = "[offset:+500]\n[00:11.50][00:01.50]a <00:12.00>b\n[00:02.50]c\n[00:13]d\n"
    words, problems = read("a.lrc", text)
    assert [(start_s, text) for start_s, _, text in words] == [
        (1.0, "a"),
        (1.5, "b"),
        (2.0, "c"),
        (11.0, "a"),
        (11.5, "b"),
        (12.5, "d"),
    ]
    assert problems == []


def test_lyrics_without_times_are_told(read):
    words, (problem,) = read("a.lrc", "[00:01.00]hi\nno time\n")
    assert [text for *_, text in words] == ["hi"]
    assert problem == "line 2: expected `[minutes:seconds]`. Received: 'no time'"

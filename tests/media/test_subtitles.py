import pytest

from mmfusion.media.captions.suffixes import CAPTION_SUFFIXES
from mmfusion.media.errors import DecodeError
from mmfusion.media.subtitles import Word, read_captions, spoken_words

SRT = "1\n00:00:01,000 --> 00:00:02,000\nHello you\n\n2\n00:00:03,500 --> 00:00:04,000\nBye\n"
VTT = (
    "WEBVTT - a title\n\nNOTE not said\n\nSTYLE\n::cue { color: red }\n\n"
    "intro\n00:01.000 --> 00:02.000 align:start\n<v Anna>Hello <c.loud>you</c>\n\n"
    "01:00:03.500 --> 01:00:04.000\nBye\n"
)
HELLO = [Word(1.0, pytest.approx(1.625), "Hello"), Word(pytest.approx(1.625), 2.0, "you")]


def read(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_captions(path)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", " \n", []),
        ("a.txt", "one", [Word(None, None, "one")]),
        ("a.txt", "No fire\r\nhere", [Word(None, None, w) for w in ("No", "fire", "here")]),
        ("a.srt", SRT, [*HELLO, Word(3.5, 4.0, "Bye")]),
        ("a.SRT", SRT.replace("\n", "\r\n"), [*HELLO, Word(3.5, 4.0, "Bye")]),
        ("a.srt", SRT.replace("you\n\n", "you\n"), [*HELLO, Word(3.5, 4.0, "Bye")]),
        ("a.srt", SRT.replace("Hello", "<i>Hello</i> {\\an8}"), [*HELLO, Word(3.5, 4.0, "Bye")]),
        ("a.srt", SRT.replace("Bye", "a &lt; b"), [*HELLO, *[...] * 3]),
        ("a.vtt", VTT, [*HELLO, Word(3603.5, 3604.0, "Bye")]),
        (
            "a.align",
            "0 25000 sil\n25000 50000 bin\n50000 56250 sp\n56250 62500 blue\n",
            [Word(1.0, 2.0, "bin"), Word(2.25, 2.5, "blue")],
        ),
    ],
)
def test_words_and_times(tmp_path, name, content, expected):
    words, problems = read(tmp_path, name, content)
    assert len(words) == len(expected)
    assert all(want is ... or word == want for word, want in zip(words, expected, strict=True))
    assert problems == []


@pytest.mark.parametrize(("content", "suffix"), [(SRT, ".srt"), ("\ufeff" + VTT, ".vtt")])
def test_captions_named_as_plain_text_are_no_words(tmp_path, content, suffix):
    words, problems = read(tmp_path, "a.txt", content)
    assert words == read(tmp_path, f"a{suffix}", content)[0]
    assert len(problems) == 1
    assert problems[0].endswith(f"times of a caption, read the file as {suffix}")
    assert read(tmp_path, "b.txt", "from 10:20 --> the door")[1] == []


@pytest.mark.parametrize(
    "encoded",
    [
        "\ufeffcafé".encode(),
        "café".encode("utf-16"),
        b"\xfe\xff" + "café".encode("utf-16-be"),
        "café".encode(),
    ],
)
def test_encodings(tmp_path, encoded):
    assert read(tmp_path, "a.txt", encoded) == ([Word(None, None, "café")], [])


def test_wrong_encoding_is_read_and_told(tmp_path):
    words, problems = read(tmp_path, "a.txt", b"so\n\x93caf\xe9\x94")
    assert [word.text for word in words] == ["so", "“café”"]
    assert problems == ["line 2: expected UTF-8, read the file as Windows-1252"]


@pytest.mark.parametrize(
    ("name", "content", "texts", "problem"),
    [
        ("a.srt", SRT.replace("00:00:01,000", "-00:00:01,000"), ["Bye"], "line 2: expected two"),
        ("a.srt", SRT.replace("00:00:01,000 ", ""), ["Bye"], "line 2: expected two times"),
        ("a.srt", SRT.replace("01,000", "05,000"), None, "line 2: ends before it starts"),
        ("a.srt", SRT.replace("03,500", "01,500"), None, "line 6: overlaps the one before"),
        ("a.align", "0 100 a\n100 b\n100 200 c\n", ["a", "c"], "line 2: expected `start end word`"),
        ("a.align", "-5 100 a\n100 200 c\n", ["c"], "line 1: expected a time of at least 0"),
        ("a.align", "0 200 a\n100 300 c\n", ["a", "c"], "line 2: overlaps the one before"),
    ],
)
def test_odd_times_are_told_with_their_line(tmp_path, name, content, texts, problem):
    words, problems = read(tmp_path, name, content)
    assert sorted(word.text for word in words) == sorted(texts or ["Hello", "you", "Bye"])
    assert all(0 <= word.start_s <= word.end_s for word in words)
    (told,) = problems
    assert told.startswith(problem)


def test_words_come_in_order_of_time(tmp_path):
    words, _ = read(tmp_path, "a.align", "200 300 b\n0 100 a\n")
    assert [word.text for word in words] == ["a", "b"]


@pytest.mark.parametrize("content", [b"\0\1\2" * 99, bytes(range(256)) * 9, b"-->" * 1000])
@pytest.mark.parametrize("suffix", [name.removeprefix(".") for name in CAPTION_SUFFIXES])
def test_garbage_does_no_harm(tmp_path, suffix, content):
    words, problems = read(tmp_path, f"a.{suffix}", content)
    assert suffix == "txt" or not words
    assert isinstance(problems, list)


@pytest.mark.parametrize(
    ("name", "kind"), [("a.doc", "caption"), ("a.srt", "missing"), (".", "caption")]
)
def test_what_cannot_be_opened(tmp_path, name, kind):
    with pytest.raises(DecodeError) as error:
        read_captions(tmp_path / name)
    assert error.value.kind == kind


@pytest.mark.parametrize("name", [f"a{suffix}" for suffix in CAPTION_SUFFIXES if suffix != ".txt"])
def test_a_file_of_which_nothing_can_be_read_is_an_error_with_its_line(tmp_path, name):
    read(tmp_path, name, "404 Not Found\n")
    with pytest.raises(DecodeError, match=r"line 1: expected .*\[caption\]") as error:
        spoken_words(tmp_path / name)
    assert error.value.path == str(tmp_path / name)


def test_what_can_be_read_of_a_file_is_enough(tmp_path):
    words, problems = read(tmp_path, "a.srt", SRT.replace("00:00:01,000 ", ""))
    assert spoken_words(tmp_path / "a.srt") == (words, problems)
    read(tmp_path, "a.srt", "\n")
    assert spoken_words(tmp_path / "a.srt") == ([], [])


def test_times_that_are_odd_are_no_error_where_nothing_is_said(tmp_path):
    read(
        tmp_path,
        "a.srt",
        SRT.replace("03,500", "01,500").replace("Hello you", "").replace("Bye", ""),
    )
    words, (problem,) = spoken_words(tmp_path / "a.srt")
    assert (words, problem[:15]) == ([], "line 6: overlap")


def test_an_encoding_alone_is_no_error(tmp_path):
    read(tmp_path, "a.vtt", "WEBVTT\n\nNOTE Sous-titres français, à côté\n".encode("cp1252"))
    words, (problem,) = spoken_words(tmp_path / "a.vtt")
    assert (words, problem) == ([], "line 3: expected UTF-8, read the file as Windows-1252")
    read(tmp_path, "a.srt", "<p>\nDésolé, page non trouvée\n".encode("cp1252"))
    with pytest.raises(DecodeError, match="line 1: expected two times"):
        spoken_words(tmp_path / "a.srt")

import pytest

LONG = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 3
tiers? <exists>
size = 3
item []:
    item [1]:
        class = "IntervalTier"
        name = "Anna - words"
        xmin = 0
        xmax = 3
        intervals: size = 4
        intervals [1]:
            xmin = 0
            xmax = 1
            text = ""
        intervals [2]:
            xmin = 1
            xmax = 1.5
            text = "say"
        intervals [3]:
            xmin = 1.5
            xmax = 2e0
            text = "a ""quote"" "
        intervals [4]:
            xmin = 2
            xmax = 3
            text = "sil"
    item [2]:
        class = "IntervalTier"
        name = "Anna - phones"
        xmin = 0
        xmax = 3
        intervals: size = 1
        intervals [1]:
            xmin = 0
            xmax = 3
            text = "s"
    item [3]:
        class = "TextTier"
        name = "words of the bell"
        xmin = 0
        xmax = 3
        points: size = 1
        points [1]:
            number = 1.5
            mark = "ding"
"""
SHORT = """File type = "ooTextFile"
Object class = "TextGrid"

0
3
<exists>
1
"IntervalTier"
"utterances"
0
3
2
0
1
""
1
2
"say it"
"""
SAID = [(1.0, 1.5, "say"), (1.5, 1.562, "a"), (1.562, 2.0, '"quote"')]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (LONG, SAID),
        (LONG.replace("\n", "\r\n").encode("utf-16"), SAID),
        (SHORT, [(1.0, 1.6, "say"), (1.6, 2.0, "it")]),
        (SHORT.replace("say it", "") + "\n", []),
        ("", None),
    ],
)
def test_words_of_the_tiers_of_words(read, content, expected):
    if expected is None:
        content, expected = "\n", []
    assert read("a.TextGrid", content) == (expected, [])


def test_a_file_that_is_cut_is_read_as_far_as_it_goes(read):
    words, (problem,) = read("a.TextGrid", LONG[: LONG.index("2e0")])
    assert words == SAID[:1]
    assert problem.startswith("line 24: expected an interval and its text")


def test_what_is_none(read):
    words, (problem,) = read("a.textgrid", "ooBinaryFile\x08TextGrid")
    assert words == []
    assert problem.startswith("line 1: expected a TextGrid with tiers")

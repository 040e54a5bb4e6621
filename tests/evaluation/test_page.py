import html.parser
import shutil
import struct
import subprocess

import numpy as np
import pytest
from matplotlib.figure import Figure

from mmfusion.evaluation.page import page, percent, span, svg
from mmfusion.evaluation.report import report

VOID = {"meta", "path", "rect", "use", "br"}
ROW = {"accuracy": 0.5, "macro_f1": 0.4, "interval": [0.4, 0.6], "gain": 0.0, "gain_interval": None}
LEAK = {
    "masks": {"accuracy": 0.61, "interval": [0.5, 0.7]},
    "blanked": {"accuracy": 0.5, "interval": [0.4, 0.6]},
    "fitted": 0.62,
    "majority": 0.5,
    "verdict": "Presence does not predict the label of unseen groups.",
}
EXTRAS = {
    "ablation": {"audio": ROW, "audio+video": {**ROW, "accuracy": 0.987, "ceiling": 1.0}},
    "leak": LEAK,
    "history": {"loss": [1.0, 0.5], "accuracy": [0.5, 0.7]},
    "quarantined": [{"id": "torn-7", "kind": "corrupt", "reason": "nothing in it can be decoded"}],
    "environment": {"python": "3.11"},
}


@pytest.fixture
def scored(echo):
    rows = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.7, 0.3]])
    names = ["normal", "fight"]
    return report(echo(2), [(rows, np.array([1, 1, 0, 0]))], classes=names, ids=list("wxyz"))


class Tree(html.parser.HTMLParser):
    """Checks that tags are closed in order, and keeps every attribute and the visible text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text.append(data)


@pytest.mark.parametrize("left_out", [None, *EXTRAS])
def test_every_part_may_be_absent(scored, left_out):
    tree = Tree(page(scored, title="Clips", **{k: v for k, v in EXTRAS.items() if k != left_out}))
    assert tree.open == []
    marks = {
        "ablation": "audio + video",
        "leak": LEAK["verdict"],
        "history": "Training",
        "quarantined": "torn-7",
        "environment": "3.11",
    }
    assert {name for name, mark in marks.items() if mark in tree.text} == set(EXTRAS) - {left_out}


def test_shows_the_figures(scored):
    text = Tree(page(scored, title="Clips", **EXTRAS)).text
    assert text.count("50.0") >= 3  # accuracy, recall, majority of four clips, two of them right
    assert "98.7" in text
    assert "40.0 to 60.0" in text
    assert [text.index(clip) for clip in ("w", "y")] == sorted(
        text.index(clip) for clip in ("w", "y")
    )
    assert "x" not in text


def test_an_empty_report_is_shown(echo):
    empty = report(echo(2), [])
    assert "\u2013" in Tree(page(empty, title="Nothing")).text


def test_needs_nothing_from_elsewhere(scored):
    attributes = Tree(page(scored, title="Clips", **EXTRAS)).attributes
    fetched = [v for k, v in attributes if k in ("src", "href", "xlink:href", "data", "action")]
    assert all(value.startswith("#") for value in fetched)
    assert not [value for _, value in attributes if value and "url(http" in value]


def test_hostile_names_stay_text(echo):
    evil = "--><script>alert(1)</script>"
    rows = np.array([[0.9, 0.1], [0.2, 0.8]])
    found = report(echo(2), [(rows, np.array([1, 0]))], classes=[evil, "b"], ids=[evil, evil])
    bad = [{"id": evil, "kind": evil, "reason": evil}]
    tree = Tree(page(found, title=evil, quarantined=bad, environment={evil: evil}))
    assert "script" not in tree.tags
    assert evil in tree.text


def test_svg_takes_its_ink_from_the_page():
    figure = Figure(figsize=(2, 1))
    figure.subplots().plot([1, 2], color="#1f2a37")
    text = svg(figure)
    assert text.startswith("<svg")
    assert "currentColor" in text
    assert "#1f2a37" not in text


def test_svg_is_the_same_each_time():
    def draw():
        figure = Figure(figsize=(2, 1))
        figure.subplots().plot([1, 2])
        return svg(figure)

    assert draw() == draw()


@pytest.mark.parametrize(
    ("share", "signed", "text"),
    [(None, False, "\u2013"), (0, False, "0.0"), (0.9314, False, "93.1"), (-0.05, True, "-5.0")],
)
def test_percent(share, signed, text):
    assert percent(share, signed) == text


@pytest.mark.parametrize(("interval", "text"), [(None, ""), ([0.1, 0.25], "10.0 to 25.0")])
def test_span(interval, text):
    assert span(interval) == text


def test_opens_in_a_browser(scored, tmp_path):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no chromium on this machine")
    file, picture = tmp_path / "page.html", tmp_path / "page.png"
    file.write_text(page(scored, title="Clips", **EXTRAS), encoding="utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=390,900"]
    command += [f"--user-data-dir={tmp_path / 'profile'}"]
    probe = "<script>document.title=document.documentElement.scrollWidth</script>"
    file.write_text(file.read_text(encoding="utf-8") + probe, encoding="utf-8")
    done = subprocess.run(
        [*command, "--dump-dom", file.as_uri()],
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    width = int(done.stdout.split("<title>")[1].split("<")[0])
    assert width <= 500  # nothing but its own tables scrolls sideways, on a telephone either
    subprocess.run(
        [*command, f"--screenshot={picture}", file.as_uri()],
        capture_output=True,
        timeout=90,
        check=True,
    )
    header = picture.read_bytes()[:24]
    assert struct.unpack(">II", header[16:24])[1] == 900

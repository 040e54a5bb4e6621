"""Paragraphs of Timed Text files, `.ttml` and `.dfxp`."""

import math
import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree
from xml.parsers import expat

from mmfusion.media.captions.cue import Cue
from mmfusion.media.captions.cues import seconds

CLOCK = re.compile(r"(\d{1,9}):(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9})|:(\d{1,9}))?")
OFFSET = re.compile(r"(\d{1,15}(?:\.\d{1,15})?)(h|ms|m|s|f|t)?")
UNITS_S = {None: 1.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
FRAMES_HZ = 30.0
DEEPEST = 100
LINE = "line"


def read_ttml(lines: Sequence[str], problems: list[str]) -> Iterator[Cue]:
    """Yields the paragraphs of a file, spans that have a time each at theirs.

    Args:
        lines: sequence of str.
        problems: list of str, to which is added what cannot be read.
    """
    root = _tree("\n".join(lines), problems)
    if root is None:
        return
    if root.tag != "tt":
        problems.append(f"line 1: expected Timed Text, `<tt>`. Received: <{root.tag[:40]}>")
        return
    try:
        hz = _rates_hz(root)
    except (ValueError, ZeroDivisionError) as error:
        problems.append(f"line {root.get(LINE)}: expected rates of frames. Received: {error}")
        return
    yield from _paragraphs(root, (0.0, math.inf), hz, problems)


def _rates_hz(root):
    """Frames and ticks a second."""
    frames_hz = float(root.get("frameRate", FRAMES_HZ))
    above, below = root.get("frameRateMultiplier", "1 1").replace(":", " ").split()
    ticks = root.get("tickRate", root.get("frameRate", 1))
    hz = {"f": frames_hz * float(above) / float(below), "t": float(ticks)}
    if not all(0 < rate_hz < math.inf for rate_hz in hz.values()):
        raise ValueError(hz)
    return hz


def _tree(text, problems):
    """The elements by their local names, with their lines; of a broken file what comes before."""
    builder, opened, roots = ElementTree.TreeBuilder(), [], []
    parser = expat.ParserCreate()
    above = text[: len(text) - len(text.lstrip())].count("\n")  # XML starts with its first line

    def start(name, attributes):
        if len(opened) == DEEPEST:
            raise expat.ExpatError(f"more than {DEEPEST} elements in each other")
        named = {_local(key): value for key, value in attributes.items()}
        opened.append(_local(name))
        line = str(above + parser.CurrentLineNumber)
        element = builder.start(opened[-1], {**named, LINE: line})
        if len(opened) == 1:
            roots.append(element)

    def refuse(*_):
        raise expat.ExpatError("a document type, which captions have no need of")

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: builder.end(opened.pop())
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text.strip(), True)
    except expat.ExpatError as error:
        line = above + parser.CurrentLineNumber
        problems.append(f"line {line}: expected XML. Received: {error}")
    while opened:
        builder.end(opened.pop())
    return roots[0] if roots else None


def _local(name):
    return name.rpartition(":")[2]


def _paragraphs(element, span_s, hz, problems):
    """Yields the cues below an element that lasts from one time to another."""
    for child in element:
        if child.tag in ("head", "metadata"):
            continue
        try:
            inner_s = _span_s(child, span_s, hz)
        except ValueError as error:
            problems.append(f"line {child.get(LINE)}: {error}")
            continue
        if child.tag != "p":
            yield from _paragraphs(child, inner_s, hz, problems)
            continue
        pieces = list(_pieces(child, inner_s, hz, problems))
        spoken_s = [time_s for time_s, _ in pieces if time_s is not None]
        start_s = spoken_s[0] if spoken_s and inner_s == (0.0, math.inf) else inner_s[0]
        yield Cue(f"line {child.get(LINE)}", start_s, inner_s[1], tuple(pieces))


def _span_s(element, outer_s, hz):
    """Start and end of an element; its own times count from the start of the outer one."""
    start_s = outer_s[0] + (_seconds(element.get("begin"), hz) or 0.0)
    end_s = _seconds(element.get("end"), hz)
    length_s = _seconds(element.get("dur"), hz)
    if end_s is not None:
        return start_s, outer_s[0] + end_s
    return start_s, outer_s[1] if length_s is None else start_s + length_s


def _pieces(element, span_s, hz, problems):
    """Yields `(float or None, str)` of what is said in an element."""
    yield None, _straight(element.text)
    for child in element:
        if child.tag == "br":
            yield None, "\n"
        elif child.tag == "span":
            try:
                begin_s = _seconds(child.get("begin"), hz)
            except ValueError as error:
                problems.append(f"line {child.get(LINE)}: {error}")
                begin_s = None
            inside = begin_s is not None and span_s[0] + begin_s > span_s[1]
            offset_s = 0.0 if inside else span_s[0]  # some writers count from the start of the file
            first = None if begin_s is None else offset_s + begin_s
            for time_s, text in _pieces(child, span_s, hz, problems):
                yield (first if time_s is None else time_s), text
                first = None
        yield None, _straight(child.tail)


def _straight(text):
    return re.sub(r"\s+", " ", text or "")


def _seconds(value, hz):
    """Seconds of an attribute; `None` where there is none."""
    if value is None:
        return None
    if match := CLOCK.fullmatch(value.strip()):
        *clock, frames = match.groups()
        return seconds(*clock) + int(frames or 0) / hz["f"]
    if match := OFFSET.fullmatch(value.strip()):
        number, unit = match.groups()
        return float(number) * UNITS_S[unit] if unit in UNITS_S else float(number) / hz[unit]
    raise ValueError(f"expected a time as 00:00:01.500 or 1.5s. Received: {value[:40]!r}")

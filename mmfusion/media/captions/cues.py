"""Cues of SubRip (`.srt`), WebVTT (`.vtt`) and SubViewer (`.sbv`): two times, then rows of text."""

import html
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence

from mmfusion.media.captions.cue import Cue

TIME = r"(?:(\d{1,9})\s*:\s*)?(\d{1,2})\s*:\s*(\d{1,2})(?:\s*(?:[.,]|:(?=\d{3}\b))\s*(\d{1,9}))?"
ARROW = r"\s*(?:-+|[\u2013\u2014])>\s*"
TIMES = {
    ".sbv": re.compile(rf"^\s*{TIME}\s*,\s*{TIME}\s*$"),
    ".srt": re.compile(rf"^\s*{TIME}{ARROW}{TIME}"),
    ".vtt": re.compile(rf"^\s*{TIME}{ARROW}{TIME}"),
}
BETWEEN = {".sbv": ",", ".srt": "-->", ".vtt": "-->"}
CLOCK = re.compile(r"\d:\d")
MEANT = re.compile(r"\s*-?\d+:\d+:\d+[.\d]*\s*,")
LONGEST = 200  # characters of a line with two times
NOT_SPOKEN = re.compile(r"^(?:NOTE|STYLE|REGION)\b")
INLINE = re.compile(rf"<{TIME}>")
BREAK = re.compile(r"\[br\]|<br\s*/?>|\\N", re.IGNORECASE)
TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|[\d:.,]+|/)>|\{\\[^{}]*\}")  # <i>, <v Anna>, {\an8}


def read_cues(lines: Sequence[str], problems: list[str], suffix: str) -> Iterator[Cue]:
    """Yields the cues of a file. Blank rows within a cue do not end it.

    Args:
        lines: sequence of str.
        problems: list of str, to which lines are added that cannot be read.
        suffix: str, `".srt"`, `".vtt"` or `".sbv"`.
    """
    straight = [unicodedata.normalize("NFKC", line) for line in lines]  # full-width colons
    before = ["", *straight]
    starts = [at for at, line in enumerate(straight) if _is_start(line, before[at], suffix)]
    if not starts:
        problems += _unreadable(lines, suffix)
    head = [line.strip() for line in lines[: starts[0] if starts else 0]]
    spaced = bool(head) and not head[-1] and next(filter(None, head[::-1]), "").isdecimal()
    for at, after in itertools.pairwise([*starts, len(lines)]):
        match = TIMES[suffix].match(straight[at][:LONGEST])
        if not match:
            problems.append(_expected(at, lines[at], suffix))
            continue
        rows = list(lines[at + 1 : after])
        if after < len(lines):
            _cut_name(rows, spaced, suffix)
        if suffix == ".vtt":
            rows = _spoken(rows)
        start_s, end_s = seconds(*match.groups()[:4]), seconds(*match.groups()[4:])
        yield Cue(f"line {at + 1}", start_s, end_s, pieces("\n".join(rows)))


def seconds(hours: str | None, minutes: str, whole: str, fraction: str | None) -> float:
    """Seconds of a time of day, its fraction as decimals, however many.

    Args:
        hours: str, digits, or `None`.
        minutes: str, digits.
        whole: str, digits of the seconds.
        fraction: str, digits, or `None`.

    Returns:
        float.
    """
    whole_s = 3600 * int(hours or 0) + 60 * int(minutes) + int(whole)
    return whole_s + (int(fraction) / 10 ** len(fraction) if fraction else 0.0)


def pieces(text: str) -> tuple[tuple[float | None, str], ...]:
    """The text of a cue without tags, cut where `<00:00:01.000>` says when it goes on.

    Args:
        text: str.

    Returns:
        tuple of `(float or None, str)`, as of `Cue`.
    """
    first, *rest = INLINE.split(BREAK.sub("\n", text))  # text, four groups, text, ...
    found: list[tuple[float | None, str]] = [(None, first)]
    found += [(seconds(*rest[at : at + 4]), rest[at + 4]) for at in range(0, len(rest), 5)]
    return tuple((time_s, html.unescape(TAG.sub("", piece))) for time_s, piece in found)


def _is_start(line, before, suffix):
    """Whether a line holds two times, or was meant to: a bad time, or text below a number."""
    line = line[:LONGEST]
    meant = BETWEEN[suffix] in line and (suffix != ".sbv" or MEANT.match(line))
    meant = meant and (CLOCK.search(line) or before.strip().isdecimal())
    return bool(TIMES[suffix].match(line) or meant)


def _expected(at, line, suffix):
    received = line.strip()[:80]
    return f"line {at + 1}: expected two times around `{BETWEEN[suffix]}`. Received: {received!r}"


def _unreadable(lines, suffix):
    """What to say of a file without cues: nothing where it is empty."""
    rows = [(at, line) for at, line in enumerate(lines) if line.strip(" \t\0\ufeff")]
    if suffix == ".vtt" and rows and rows[0][1].lstrip("\ufeff").startswith("WEBVTT"):
        return []
    return [_expected(*rows[0], suffix)] if rows else []


def _cut_name(rows, spaced, suffix):
    """Removes the number or the name of the next cue, which stands before its times.

    Where the file is `spaced` a blank row parts them.
    """
    last = max((at for at, row in enumerate(rows) if row.strip()), default=-1)
    if last < 0 or suffix == ".sbv":
        return
    beside = last == len(rows) - 1
    apart = last > 0 and not rows[last - 1].strip()
    row = rows[last].strip()
    if (row.isdecimal() and (beside or spaced)) or (suffix == ".vtt" and beside and apart):
        del rows[last:]


def _spoken(rows):
    """Rows without comments and style sheets, which reach from an empty row to the next."""
    kept, spoken = [], True
    for before, row in itertools.pairwise(["", *rows]):
        if not row.strip():
            spoken = True
        elif not before.strip() and NOT_SPOKEN.match(row) and len(kept):
            spoken = False
        if spoken:
            kept.append(row)
    return kept

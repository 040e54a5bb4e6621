"""Dialogue of SubStation Alpha files, `.ass` and `.ssa`."""

import re
from collections.abc import Iterator, Sequence

from mmfusion.media.captions.cue import Cue
from mmfusion.media.captions.cues import seconds

COLUMNS = ("layer", "start", "end", "style", "name", "left", "right", "vertical", "effect", "text")
TIME = re.compile(r"\s*(\d{1,9}):(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,9}))?\s*$")
OVERRIDE = re.compile(r"\{([^{}]*)\}")
DRAWN = re.compile(r"\\p(\d+)")  # \p1 starts a drawing, \p0 ends it
SUNG = re.compile(r"\\(?:k[fo]?|K)\s*(\d{1,9})")  # how long a syllable lasts, in 1/100 s


def read_substation(lines: Sequence[str], problems: list[str]) -> Iterator[Cue]:
    """Yields the lines of dialogue, syllables of `{\\k50}` each at its time.

    Args:
        lines: sequence of str.
        problems: list of str, to which lines are added that cannot be read.
    """
    columns: Sequence[str] = COLUMNS
    section, filled = "[events]", [line for line in lines if line.strip()]
    if filled and not any(line.lower().startswith(("dialogue:", "[")) for line in filled):
        problems.append(f"line 1: expected `Dialogue:`. Received: {filled[0].strip()[:80]!r}")
    for number, line in enumerate(lines, start=1):
        kind, _, fields = line.partition(":")
        kind = kind.strip().lower()
        if kind.startswith("["):
            section = kind
        elif kind == "format" and section == "[events]":
            columns = [name.strip().lower() for name in fields.split(",")]
        elif kind == "dialogue":
            values = dict(zip(columns, fields.split(",", len(columns) - 1), strict=False))
            start, end = (TIME.match(values.get(name, "")) for name in ("start", "end"))
            if not start or not end or "text" not in values:
                problems.append(
                    f"line {number}: expected {', '.join(columns)}. Received: {line[:80]!r}"
                )
                continue
            start_s = seconds(*start.groups())
            pieces = tuple(_pieces(values["text"], start_s))
            yield Cue(f"line {number}", start_s, seconds(*end.groups()), pieces)


def _pieces(text, start_s):
    """Yields `(float or None, str)`, drawings left out."""
    first, *rest = OVERRIDE.split(text)
    yield None, _plain(first)
    drawn, time_s = False, start_s
    for override, spoken in zip(rest[::2], rest[1::2], strict=True):
        drawn = next((size != "0" for size in DRAWN.findall(override)[::-1]), drawn)
        sung = sum(map(int, SUNG.findall(override)))
        yield (time_s if sung else None), ("" if drawn else _plain(spoken))
        time_s += sung / 100


def _plain(text):
    return text.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")

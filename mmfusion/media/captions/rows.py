"""Words of files with one thing a line: GRID's `.align`, NIST's `.ctm`, lyrics in `.lrc`."""

import math
import re
from collections.abc import Iterator, Sequence

from mmfusion.media.captions.cue import Cue
from mmfusion.media.captions.cues import seconds

ALIGN_HZ = 25_000  # GRID's `.align` files count time in 1/25000 s
SILENCES = ("", "#", "<eps>", "<sil>", "sil", "sp")
CLOCK = r"\s*(\d{1,9}):(\d{1,2})(?:[.:](\d{1,9}))?\s*"
SUNG = re.compile(rf"\[{CLOCK}\]")
INLINE = re.compile(rf"<{CLOCK}>")
LABEL = re.compile(r"\s*\[([a-zA-Z#]+):([^\]]*)\]\s*$")


def read_align(lines: Sequence[str], problems: list[str]) -> Iterator[Cue]:
    """Yields the words of an `.align` file: `start end word`, times in 1/25000 s."""
    for number, line in _filled(lines):
        try:
            start, stop, text = line.split()
            start_s, stop_s = int(start) / ALIGN_HZ, int(stop) / ALIGN_HZ
        except (OverflowError, ValueError):
            problems.append(f"line {number}: expected `start end word`. Received: {line[:80]!r}")
            continue
        if text not in SILENCES:
            yield Cue(f"line {number}", start_s, stop_s, ((None, text),))


def read_ctm(lines: Sequence[str], problems: list[str], recording: str) -> Iterator[Cue]:
    """Yields the words of a `.ctm` file: `recording channel start duration word [confidence]`.

    Args:
        lines: sequence of str.
        problems: list of str, to which lines are added that cannot be read.
        recording: str. The one whose words are read where the file holds several.
    """
    cues: dict[str, list[Cue]] = {}
    for number, line in _filled(lines):
        if line.startswith(";;"):
            continue
        try:
            name, _, start, duration, text = line.split()[:5]
            start_s, length_s = float(start), float(duration)
        except ValueError:
            problems.append(
                f"line {number}: expected `recording channel start duration word`. "
                f"Received: {line[:80]!r}"
            )
            continue
        if text not in SILENCES:
            cue = Cue(f"line {number}", start_s, start_s + length_s, ((None, text),))
            cues.setdefault(name, []).append(cue)
    if len(cues) > 1 and recording not in cues:
        names = ", ".join(sorted(cues)[:5])
        problems.append(f"line 1: several recordings, none named {recording!r}. Received: {names}")
        return
    yield from cues.get(recording) or [cue for each in cues.values() for cue in each]


def read_lyrics(lines: Sequence[str], problems: list[str]) -> Iterator[Cue]:
    """Yields the lines of an `.lrc` file, each up to the next: `[01:02.30]one <01:03.10>two`.

    A line with several times is sung at each; `[offset:+500]` brings all half a second forward.
    """
    offset_s, cues = 0.0, []
    for number, line in _filled(lines):
        label = LABEL.match(line)
        if label:
            name, value = label.groups()
            if name.lower() == "offset" and re.fullmatch(r"\s*[-+]?\d{1,9}\s*", value):
                offset_s = int(value) / 1000
            continue
        starts_s, text = _starts(line)
        if not starts_s:
            problems.append(f"line {number}: expected `[minutes:seconds]`. Received: {line[:80]!r}")
        for start_s in starts_s:
            first, *rest = INLINE.split(text)
            pieces: list[tuple[float | None, str]] = [(None, first)]
            for at in range(0, len(rest), 4):
                spoken_s = seconds("0", *rest[at : at + 3]) - starts_s[0] + start_s
                pieces.append((max(0.0, spoken_s - offset_s), rest[at + 3]))
            start_s = max(0.0, start_s - offset_s)
            cues.append(Cue(f"line {number}", start_s, math.inf, tuple(pieces)))
    yield from sorted(cues, key=lambda cue: cue.start_s)


def _starts(line):
    """The times at the beginning of a line, and the rest of it."""
    starts_s, at = [], 0
    while match := SUNG.match(line, at):
        starts_s.append(seconds("0", *match.groups()))
        at = match.end()
    return starts_s, line[at:]


def _filled(lines):
    return ((number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip())

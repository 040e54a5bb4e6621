"""Captions that roll up repeat rows they have shown: each row is said once."""

import dataclasses
import itertools
from collections.abc import Sequence

from mmfusion.media.captions.cue import Cue

TOUCHING_S = 0.1  # a cue that comes later than this repeats what is said again
FLASH_S = 0.05  # a cue this short only carries rows over to the next
FEWEST = 2  # repeated rows that are no chance


def unrolled(cues: Sequence[Cue]) -> list[Cue]:
    """Cues without the rows that the one before has shown, if most cues of the file repeat some.

    A file rolls where cues follow each other at once and begin with rows, or with the beginning of
    a row, that the one before ended with: automatic captions of YouTube, live captions.

    Args:
        cues: sequence of Cue, each with an end.

    Returns:
        list of Cue.
    """
    repeated, touching, rolling = [0], 0, 0
    for before, cue in itertools.pairwise(cues):
        follows = before.text.strip() and cue.start_s - before.end_s <= TOUCHING_S
        count = _repeated(_rows(before), _rows(cue)) if follows else 0
        touching += bool(follows)
        whole = count == sum(map(_length, _rows(cue)))
        rolling += count > 0 and (not whole or cue.end_s - cue.start_s <= FLASH_S)
        repeated.append(count)
    if rolling < FEWEST or 2 * rolling < touching:
        return list(cues)
    return [_without(cue, count) for cue, count in zip(cues, repeated, strict=False)]


def _rows(cue):
    rows = (" ".join(row.split()) for row in cue.text.split("\n"))
    return [row for row in rows if row]


def _length(row):
    return len(row.replace(" ", ""))


def _repeated(shown, rows):
    """How many characters of the rows stood at the end of those that were shown."""
    counts = range(min(len(shown), len(rows)), 0, -1)
    for count in counts:
        if shown[-count:] == rows[:count]:
            return sum(map(_length, rows[:count]))
    for count in counts:  # the last row has grown
        if shown[-count:-1] == rows[: count - 1] and rows[count - 1].startswith(f"{shown[-1]} "):
            return sum(map(_length, shown[-count:]))
    return 0


def _without(cue, count):
    """The cue without its first characters, spaces not counted."""
    pieces = []
    for time_s, text in cue.pieces:
        at = 0
        while count and at < len(text):
            count -= not text[at].isspace()
            at += 1
        if at < len(text):
            pieces.append((time_s, text[at:]))
    return dataclasses.replace(cue, pieces=tuple(pieces))

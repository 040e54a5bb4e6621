"""Intervals of Praat's `.TextGrid` files, long or short."""

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence

from mmfusion.media.captions.cue import Cue
from mmfusion.media.captions.rows import SILENCES

TOKEN = re.compile(  # what counts in such a file stands free; all other text is for people
    r'(?<!\S)(?:"(?P<text>(?:[^"]|"")*+)"|(?P<number>-?\d+(?:\.\d*)?(?:[eE][-+]?\d{1,3})?))(?!\S)'
)
TIERS = {"IntervalTier": 3, "TextTier": 2}  # tokens of each entry, the last its text
NOT_WORDS = ("phon", "syll", "segm", "pitch", "tone")


def read_textgrid(lines: Sequence[str], problems: list[str]) -> Iterator[Cue]:
    """Yields the intervals of the tiers of words; of all tiers but sounds where none is named so.

    Args:
        lines: sequence of str.
        problems: list of str, to which is added where something else stands.
    """
    tiers = _tiers(lines, problems)
    named = [name for name in tiers if "word" in name]
    if not named:
        named = [name for name in tiers if not any(part in name for part in NOT_WORDS)]
    for name in named:
        yield from tiers[name]


def _tiers(lines, problems):
    """The intervals by the name of their tier, in lower case."""
    tokens = list(TOKEN.finditer("\n".join(lines)))
    ends = list(itertools.accumulate(len(line) + 1 for line in lines))
    tiers, at = {}, 0
    while at < len(tokens):
        width = TIERS.get(tokens[at]["text"])
        if width is None:
            at += 1
            continue
        name = (tokens[at + 1]["text"] or "").lower() if at + 1 < len(tokens) else ""
        tier = tiers.setdefault(name, [])
        at += 5  # the kind, the name, start, end and how many entries
        while at < len(tokens) and tokens[at]["number"]:
            entry, at = tokens[at : at + width], at + width
            where = f"line {bisect.bisect_right(ends, entry[0].start()) + 1}"
            tier += _cues(where, entry, width, problems)
    filled = next((line for line in lines if line.strip()), "")
    if filled and not tiers:
        problems.append(f"line 1: expected a TextGrid with tiers. Received: {filled[:80]!r}")
    return tiers


def _cues(where, entry, width, problems):
    """The cue of an entry, none of silence and points."""
    *times, text = entry
    if len(entry) < width or text["text"] is None or not all(each["number"] for each in times):
        received = [each[0][:40] for each in entry]
        problems.append(f"{where}: expected an interval and its text. Received: {received}")
        return []
    start_s, end_s = float(times[0]["number"]), float(times[-1]["number"])
    said = text["text"].replace('""', '"')
    spoken = width == TIERS["IntervalTier"] and said.strip() not in SILENCES
    return [Cue(where, start_s, end_s, ((None, said),))] if spoken else []

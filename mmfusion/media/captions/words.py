"""The words that are spoken in cues, each with its time."""

from __future__ import annotations

import bisect
import dataclasses
import itertools
import math
from collections.abc import Iterable, Sequence

from mmfusion.media.captions.cue import Cue
from mmfusion.media.captions.rolling import unrolled

CHARACTERS_A_SECOND = 15  # how long a last line without an end is taken to be read


@dataclasses.dataclass(frozen=True)
class Word:
    """One spoken word.

    Args:
        start_s: float, or `None` in a text without times.
        end_s: float, or `None` in a text without times.
        text: str.
    """

    start_s: float | None
    end_s: float | None
    text: str


def words_of(cues: Iterable[Cue], problems: list[str]) -> list[Word]:
    """The words of cues, rows that roll up once; what has no place in time is left out.

    The words of a piece share its time in proportion to their characters.

    Args:
        cues: iterable of Cue, in the order of the file.
        problems: list of str, to which is added what could not be taken as it stood.

    Returns:
        list of `Word`.
    """
    placed, last_s = [], 0.0
    for cue in _ended(list(cues)):
        if not (math.isfinite(cue.start_s) and math.isfinite(cue.end_s) and cue.start_s >= 0):
            problems.append(
                f"{cue.where}: expected a time of at least 0. Received: {cue.start_s} s"
            )
            continue
        if cue.end_s < cue.start_s:
            received = f"{cue.start_s} s, {cue.end_s} s"
            problems.append(f"{cue.where}: ends before it starts. Received: {received}")
        elif cue.start_s < last_s:
            problems.append(f"{cue.where}: overlaps the one before, which ends at {last_s} s")
        last_s = max(last_s, cue.end_s)
        placed.append(dataclasses.replace(cue, end_s=max(cue.start_s, cue.end_s)))
    return [word for cue in unrolled(placed) for word in _words(cue, problems)]


def _ended(cues: Sequence[Cue]) -> Iterable[Cue]:
    """The cues, each with an end: its own, the start of the next, or the time to read it."""
    starts = sorted(cue.start_s for cue in cues)
    for cue in cues:
        if cue.end_s == math.inf:
            at = bisect.bisect_right(starts, cue.start_s)
            read_s = cue.start_s + len(cue.text) / CHARACTERS_A_SECOND
            cue = dataclasses.replace(cue, end_s=starts[at] if at < len(starts) else read_s)
        yield cue


def _words(cue, problems):
    """The words of a cue between its anchors: characters counted so far, and when."""
    counts, times_s, count = [0], [cue.start_s], 0
    for time_s, text in cue.pieces:
        if time_s is not None:
            if not cue.start_s <= time_s <= cue.end_s:
                problems.append(f"{cue.where}: a word outside of its cue. Received: {time_s} s")
            counts.append(count)
            times_s.append(min(max(time_s, times_s[-1]), cue.end_s))
        count += len("".join(text.split()))
    counts.append(count)
    times_s.append(cue.end_s)

    def time_s(at, within):
        """When character `at` is reached, between the anchors around character `within`."""
        after = bisect.bisect_left(counts, within)
        share = (at - counts[after - 1]) / (counts[after] - counts[after - 1])
        return times_s[after - 1] * (1 - share) + times_s[after] * share  # each end as it stands

    texts = cue.text.encode("utf-8", errors="replace").decode("utf-8").split()
    spans = itertools.pairwise(itertools.accumulate(map(len, texts), initial=0))
    return [
        Word(time_s(start, start + 1), time_s(end, end), text)
        for (start, end), text in zip(spans, texts, strict=True)
    ]

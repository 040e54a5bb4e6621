"""A segment of speech: what a recogniser made of a stretch of audio."""

from __future__ import annotations

import dataclasses

from mmfusion.media.captions.cue import Cue
from mmfusion.media.captions.words import Word, words_of


@dataclasses.dataclass(frozen=True)
class Segment:
    """A stretch of speech and its words.

    Args:
        start_s: float.
        end_s: float.
        text: str.
        log_probability: float. Mean over its subword tokens, at most 0, or `None` if unknown.

    Example:

    >>> Segment(1.0, 3.0, "Good dogs").words[1]
    Word(start_s=2.0, end_s=3.0, text='dogs')
    """

    start_s: float
    end_s: float
    text: str
    log_probability: float | None = None

    @property
    def words(self) -> list[Word]:
        """Its words. They share its time in proportion to their letters: nobody has timed them."""
        return words_of([Cue("segment", self.start_s, self.end_s, ((None, self.text),))], [])

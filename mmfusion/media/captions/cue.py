"""A cue: what any caption file shows for a while."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Cue:
    """Something that is shown for a while.

    Args:
        where: str. Its place in the file, as `"line 7"`.
        start_s: float.
        end_s: float, infinite where the next one ends it.
        pieces: tuple of `(float or None, str)`. When a piece is spoken, where the file knows, and
            its text; rows are parted by line feeds.
    """

    where: str
    start_s: float
    end_s: float
    pieces: tuple[tuple[float | None, str], ...]

    @property
    def text(self) -> str:
        """All pieces together."""
        return "".join(text for _, text in self.pieces)

"""Names of classes and groups: one for all the ways in which a file spells it."""

import logging
import re
import unicodedata

logger = logging.getLogger(__name__)

NO_NAMES = frozenset({"", "nan", "-nan", "<na>", "#n/a", "n/a"})  # as tables write what is missing
WHOLE = re.compile(r"([-+]?\d+)\.0*")


class Spellings(dict[str | None, str | None]):
    """The name by each way in which it is written, filled as it is asked.

    Names are equal that differ in spaces around them, in capitals, in how Unicode composes them or
    as `1` and `1.0`; the first one met stands for all, and each other one is logged once. What
    tables write for a missing value is no name.

    Args:
        where: str. What the names are of, for the log.

    Example:

    >>> labels = Spellings("clips.csv: label")
    >>> [labels[written] for written in ("pos", "POS ", "1", "1.0", "NaN", "", None)]
    ['pos', 'pos', '1', '1', None, None, None]
    """

    def __init__(self, where: str) -> None:
        super().__init__({None: None})
        self.where = where
        self.first: dict[str, tuple[str, str]] = {}

    def __missing__(self, written: str) -> str | None:
        name = unicodedata.normalize("NFC", written).strip()
        key = name.casefold()
        if key in NO_NAMES:
            self[written] = None
            return None
        whole = WHOLE.fullmatch(key)
        found, other = self.first.setdefault(whole[1] if whole else key, (name, written))
        if other != written:
            logger.warning("%s: %r is taken for %r", self.where, written, other)
        self[written] = found
        return found

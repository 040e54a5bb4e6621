"""All of text cleaning in one order, with settings that travel."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from mmfusion.preprocessing.characters import (
    strip_emoji,
    strip_numbers,
    strip_punctuation,
    strip_urls,
)
from mmfusion.preprocessing.encoding import decode_text, mend_mojibake
from mmfusion.preprocessing.markup import strip_markup
from mmfusion.preprocessing.words import (
    LANGUAGES,
    leave_out_stop_words,
    part_words,
    stem_words,
)


@dataclasses.dataclass(frozen=True)
class TextCleaning:
    """What to clean from text, and the cleaning itself.

    Args:
        language: str, `"en"` or `"zh"`.
        markup: bool. HTML goes.
        urls: bool. Web and mail addresses go.
        emoji: bool. Emoji go.
        numbers: bool. Numbers that stand alone go.
        punctuation: bool. Punctuation goes, but for apostrophes within a word.
        lower_case: bool. Capitals become small.
        stop_words: bool. Words without a meaning of their own go; Chinese comes out parted.
        stems: bool. English words are cut to their stems.

    Raises:
        ValueError: if `language` is another.

    Call arguments:
        text: str, bytes of any encoding, or `None`.

    Returns:
        str, cleaned, with single spaces. Nothing yields "".

    Example:

    >>> TextCleaning()("<p>FIRE at Gate B2!!! see https://a.org \U0001f525</p>")
    'fire at gate b2 see'
    >>> TextCleaning(stop_words=True, stems=True)("The alarms weren't ringing")
    "alarm weren't ring"
    """

    language: str = "en"
    markup: bool = True
    urls: bool = True
    emoji: bool = True
    numbers: bool = False
    punctuation: bool = True
    lower_case: bool = True
    stop_words: bool = False
    stems: bool = False

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError(
                f"`language` must be one of {LANGUAGES}. Received: language={self.language!r}"
            )

    def __call__(self, text: str | bytes | None) -> str:
        if text is None:
            return ""
        if isinstance(text, bytes):
            text = decode_text(text)
        if not isinstance(text, str):
            raise TypeError(f"`text` must be str or bytes. Received: {type(text).__name__}")
        text = mend_mojibake(text)
        passes = {
            strip_markup: self.markup,
            strip_urls: self.urls,
            strip_emoji: self.emoji,
            strip_punctuation: self.punctuation,
            strip_numbers: self.numbers,
            str.lower: self.lower_case,
        }
        for clean in (clean for clean, wanted in passes.items() if wanted):
            text = clean(text)
        words = self._meaningful(text) if self.stop_words or self.stems else text.split()
        return " ".join(words)

    def _meaningful(self, text):
        words = part_words(text, language=self.language)
        if self.stop_words:
            words = leave_out_stop_words(words, language=self.language)
        return stem_words(words, language=self.language) if self.stems else words

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON can hold them."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> TextCleaning:
        """The inverse of `to_dict`. An unknown field is a `TypeError`."""
        return cls(**fields)

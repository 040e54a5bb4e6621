"""Characters that carry no word: addresses, emoji, numbers, punctuation."""

# ruff: noqa: RUF001, RUF002 - characters that look like others are meant

import re
import unicodedata

URL = re.compile(
    r"(?:https?://|ftp://|www\.)[^\s<>\"'，。！？、；：）】》\u4e00-\u9fff]+"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+",
    re.IGNORECASE | re.ASCII,
)
EMOJI = re.compile(
    "["
    "\U0001f000-\U0001faff"  # pictures, faces, flags
    "\u231a-\u231b\u23e9-\u23fa\u2600-\u27bf\u2b05-\u2b07\u2b1b-\u2b1c\u2b50\u2b55"  # older ones
    "\u200d\u20e3\ufe0e\ufe0f\U000e0020-\U000e007f"  # joiners and variants
    "]+"
)
LETTER = r"[^\W\u4e00-\u9fff]"  # Chinese is written without spaces
NUMBER = re.compile(rf"(?<!{LETTER})[+-]?\d+(?:[.,:/]\d+)*%?(?!{LETTER})")
APOSTROPHE_OR_SIGN = re.compile(r"(?<=\w)['’](?=\w)|([^\w\s]|_)")


def strip_urls(text: str, *, replacement: str = " ") -> str:
    """Replaces web and mail addresses.

    Example:

    >>> strip_urls("See https://a.org/b?c=1 or me@a.org now", replacement="URL")
    'See URL or URL now'
    """
    return URL.sub(lambda _: replacement, text)


def strip_emoji(text: str, *, replacement: str = " ") -> str:
    """Replaces runs of emoji, with their joiners and skin tones.

    Example:

    >>> strip_emoji("fire \U0001f525\U0001f525!", replacement="")
    'fire !'
    """
    return EMOJI.sub(lambda _: replacement, text)


def strip_numbers(text: str, *, replacement: str = " ") -> str:
    """Replaces numbers that stand alone, with their signs, points and per cents; `B2` stays.

    Example:

    >>> strip_numbers("12 men, 3.5% at 10:30 in B2", replacement="0")
    '0 men, 0 at 0 in B2'
    """
    return NUMBER.sub(lambda _: replacement, text)


def strip_punctuation(text: str, *, replacement: str = " ") -> str:
    """Replaces punctuation and symbols of every script; apostrophes within a word stay.

    Example:

    >>> strip_punctuation("Don't 'run'; 着火了！", replacement="")
    "Don't run 着火了"
    """

    def replace(found):
        sign = found[1]
        return replacement if sign and unicodedata.category(sign)[0] in "PS" else found[0]

    return APOSTROPHE_OR_SIGN.sub(replace, text)
